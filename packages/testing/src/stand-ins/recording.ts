/**
 * A file of recorded results of one task: JSON for people and diffs, exact for the engine. A result that JSON cannot
 * say exactly is kept encoded beside its image. Parameters are found by their canonical hash.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { canonicalHash, decodeValue, encodeValue, type Json, jsonImage, MillraceError } from "@millrace/core";

/** When a recording runs the task itself. */
export type RecordMode = "all" | "missing" | "none";

const MODES: readonly RecordMode[] = ["all", "missing", "none"];
const VERSION = 1;

interface Entry {
  /** Canonical hash of the parameters. */
  readonly key: string;
  /** Image of the parameters, for people. */
  readonly params: Json;
  /** The result, or its image if `encoded` is there. */
  readonly result: Json;
  /** The result's encoded bytes, base64. */
  readonly encoded?: string;
}

interface Document {
  readonly version: typeof VERSION;
  readonly task: string;
  readonly results: readonly Entry[];
}

/** Files that this process has begun anew: another engine that records all of the same file adds to it. */
const begun = new Set<string>();
/** Writes go one after the other: engines may share a file. */
let lastWrite: Promise<unknown> = Promise.resolve();

/** The recorded results of one task, as one engine uses them. */
export class Recording {
  readonly task: string;
  /** Absolute path. */
  readonly file: string;
  readonly #mode: RecordMode;
  readonly #added = new Map<string, Entry>();
  #entries: Promise<ReadonlyMap<string, Entry>> | undefined;

  constructor(task: string, file: string | URL, mode: RecordMode) {
    this.task = task;
    this.file = resolve(file instanceof URL ? fileURLToPath(file) : file);
    this.#mode = mode;
  }

  /** True if the task itself may run. */
  get records(): boolean {
    return this.#mode !== "none";
  }

  /** The result for some parameters; undefined if there is none or it is to be recorded anew. */
  async find(params: object): Promise<{ readonly value: unknown } | undefined> {
    if (this.#mode === "all") return undefined;
    const key = canonicalHash(params);
    const entry = this.#added.get(key) ?? (await this.#read()).get(key);
    return entry && { value: resultOf(entry) };
  }

  /** Keeps a result for `save`. @throws MillraceError `value-not-sendable`. */
  add(params: object, result: unknown): void {
    const key = canonicalHash(params);
    const image = jsonImage(result);
    // As it will be read: the text of -0 is that of 0.
    const read: unknown = JSON.parse(JSON.stringify(image));
    const encoded = isDeepStrictEqual(read, result) ? {} : { encoded: base64(encodeValue(result, "result")) };
    this.#added.set(key, { key, params: jsonImage(params), result: image, ...encoded });
  }

  /** Adds what was recorded to the file, in one step; nothing if nothing was. `all` begins the file anew, once in a process. */
  async save(): Promise<void> {
    if (this.#added.size === 0) return;
    const written = lastWrite.then(() => this.#write());
    lastWrite = written.catch(() => undefined);
    await written;
  }

  async #write(): Promise<void> {
    const anew = this.#mode === "all" && !begun.has(this.file);
    // Read again: another engine may have added to it.
    const before = anew ? new Map<string, Entry>() : await readEntries(this.file, this.task);
    const all = [...new Map([...before, ...this.#added]).values()];
    const results = all.sort((a, b) => (a.key < b.key ? -1 : 1));
    const document: Document = { version: VERSION, task: this.task, results };
    await mkdir(dirname(this.file), { recursive: true });
    const side = `${this.file}.${randomUUID()}.tmp`;
    await writeFile(side, `${JSON.stringify(document, undefined, 2)}\n`);
    await rename(side, this.file);
    begun.add(this.file);
  }

  #read(): Promise<ReadonlyMap<string, Entry>> {
    this.#entries ??= readEntries(this.file, this.task);
    return this.#entries;
  }
}

async function readEntries(file: string, task: string): Promise<ReadonlyMap<string, Entry>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
  const document = parse(text, file);
  if (document.task !== task) throw unreadable(file, `it holds results of ${document.task}, not of ${task}`);
  return new Map(document.results.map((entry) => [entry.key, entry]));
}

function parse(text: string, file: string): Document {
  let document: Partial<Document>;
  try {
    document = JSON.parse(text) as Partial<Document>;
  } catch (cause) {
    throw unreadable(file, "it is no JSON", cause);
  }
  if (document?.version !== VERSION || typeof document.task !== "string" || !Array.isArray(document.results)) {
    throw unreadable(file, `it is no recording of version ${VERSION}`);
  }
  return document as Document; // its members have just been looked at; entries are looked at when they are used
}

function resultOf(entry: Entry): unknown {
  if (entry.encoded !== undefined) return decodeValue(Buffer.from(entry.encoded, "base64"));
  return entry.result;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function unreadable(file: string, why: string, cause?: unknown): MillraceError {
  return new MillraceError("stand-in-failed", `The recorded results in ${file} cannot be used: ${why}.`, {
    hint: "Delete the file and record it again with MILLRACE_RECORD=all.",
    data: { file },
    cause,
  });
}

/** What MILLRACE_RECORD says; `none` if it says nothing. @throws MillraceError `usage` for a mode that is none. */
export function environmentMode(): RecordMode {
  const said = process.env.MILLRACE_RECORD ?? "none";
  const mode = MODES.find((known) => known === said);
  if (mode) return mode;
  throw new MillraceError("usage", `MILLRACE_RECORD=${said} is no way to record.`, {
    hint: `Use one of ${MODES.join(", ")}.`,
    data: { value: said },
  });
}
