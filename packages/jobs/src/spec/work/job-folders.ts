/**
 * The work directories of jobs, by name: `<type>-<hash of type, version and parameters>`. One process at a time computes in one, under a claim that ends
 * by itself; others wait for it. What a parser has said of a folder stands in it, with what the parser was.
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { MillraceError } from "@millrace/core";
import { notJson } from "../json-data.js";
import { type Claimable, type ClaimOptions, claimRecord } from "../records/claims.js";
import { FolderCells } from "../records/folder-cells.js";

/** Pause between two looks at a folder in which another process computes, ms. */
const LOOK_MS = 100;
/** What the parser has said. */
export const PARSED = "parsed.json";
/** Marks a job whose folder is whole. */
export const COMPLETED = "COMPLETED";

/** A folder of work directories. */
export class JobFolders {
  readonly #root: string;
  readonly #claim: Pick<ClaimOptions, "claimMs">;
  readonly #claims: FolderCells<Claimable>;
  /** Those that this process computes, or waits for. */
  readonly #going = new Map<string, Promise<void>>();

  constructor(root: string, claimMs?: number) {
    this.#root = resolve(root);
    this.#claim = claimMs === undefined ? {} : { claimMs };
    this.#claims = new FolderCells(join(this.#root, ".claims"));
  }

  /** The folder of a job. */
  folderOf(name: string): string {
    return join(this.#root, name);
  }

  /** Makes sure that a job has been computed: by whoever has begun, else by `compute`. */
  async ensure(name: string, compute: () => Promise<void>): Promise<void> {
    let work = this.#going.get(name);
    if (!work) {
      work = this.#computeOnce(name, compute).finally(() => this.#going.delete(name));
      this.#going.set(name, work);
    }
    await work;
  }

  async #computeOnce(name: string, compute: () => Promise<void>): Promise<void> {
    const options: ClaimOptions = { ...this.#claim, runner: `${hostname()}-${process.pid}` };
    while (!this.#isCompleted(name)) {
      const claimed = await claimRecord(this.#claims, name, options, (there) => there ?? {});
      if (claimed) {
        try {
          // Another one may have completed it before the claim.
          if (!this.#isCompleted(name)) await claimed.held.whileRenewing(compute);
          return;
        } finally {
          // Not the claim of another one, which took this process for dead.
          if (await claimed.held.change((there) => there)) await this.#claims.remove(name);
        }
      }
      await pause(LOOK_MS);
    }
  }

  #isCompleted(name: string): boolean {
    return existsSync(join(this.folderOf(name), COMPLETED));
  }

  /** What a parser says of a completed job: once, as long as it is the same parser. @param parser What tells it from others. */
  async parsed(name: string, parser: string, parse: () => unknown): Promise<unknown> {
    const file = join(this.folderOf(name), PARSED);
    const kept = await readFile(file, "utf8").then(readParsed, () => undefined);
    if (kept && kept.parser === parser) return kept.result;
    const result = (await parse()) ?? null;
    const wrong = notJson(result, "it");
    if (wrong !== undefined)
      throw new MillraceError("task-misuse", `What parseWorkDir says is no JSON: ${wrong}.`, { data: { job: name } });
    const beside = `${file}.${randomUUID()}`;
    await writeFile(beside, JSON.stringify({ parser, result }), { flush: true });
    await rename(beside, file);
    return result;
  }
}

interface Parsed {
  readonly parser: string;
  readonly result: unknown;
}

/** What was cut off in the middle, or written by other hands, is parsed again. */
function readParsed(text: string): Parsed | undefined {
  try {
    return JSON.parse(text) as Parsed;
  } catch {
    return undefined;
  }
}
