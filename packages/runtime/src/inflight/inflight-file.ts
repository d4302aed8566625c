/**
 * The note of one run: which of its steps are with a thread, so that after a crash it is known what may have caused it. Written before a
 * step leaves for its thread, and never synced: it has to survive the process, not the machine.
 *
 * A line each: `+"key"` has left, `-"key"` is back, `=2 "key"` was in flight when the process of an earlier life died, twice so far.
 */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { StepKey } from "@millrace/core";

/** A log of this length is written anew with what still counts, characters. */
const COMPACT_AT = 1 << 20;

/** How often each step was in flight when the process died. */
export type Suspicions = ReadonlyMap<StepKey, number>;

/** How a run has stopped in a process: for good, to be gone on with, or since another process has it now, and its note. */
export type StoppedRun = "ended" | "suspended" | "lost";

/** The note. */
export class InflightFile {
  readonly #path: string;
  readonly #suspicions: Suspicions;
  /** Steps that are with a thread. */
  readonly #away = new Set<StepKey>();
  /** Lines of steps that are back: they go with the next ones that leave. */
  #back = "";
  #size = 0;
  #descriptor: number | undefined;

  private constructor(path: string, suspicions: Suspicions) {
    this.#path = path;
    this.#suspicions = suspicions;
  }

  /** The note of a run that begins: what another run of its id has left means nothing to it. @throws what the disk throws. */
  static begin(path: string): InflightFile {
    rmSync(path, { force: true });
    return new InflightFile(path, new Map());
  }

  /** The note of a run that goes on: what a life that died has left in flight is one more time suspect. */
  static takeOver(path: string): { readonly file: InflightFile; readonly suspicions: Suspicions } {
    const left = read(path);
    const suspicions = new Map(left.suspicions);
    for (const key of left.away) suspicions.set(key, (suspicions.get(key) ?? 0) + 1);
    const file = new InflightFile(path, suspicions);
    if (suspicions.size > 0) file.#rewrite();
    return { file, suspicions };
  }

  /** Steps leave for their threads. @throws what the disk throws. */
  leave(keys: readonly StepKey[]): void {
    for (const key of keys) this.#away.add(key);
    this.#write(keys.map((key) => `+${JSON.stringify(key)}\n`).join(""));
  }

  /** A step is back. */
  back(key: StepKey): void {
    if (this.#away.delete(key)) this.#back += `-${JSON.stringify(key)}\n`;
  }

  /** Writes down who is back. @throws what the disk throws. */
  flush(): void {
    if (this.#back !== "") this.#write("");
  }

  /** The run stops here in order: nobody is under suspicion for that. */
  close(how: StoppedRun): void {
    this.#away.clear();
    this.#back = "";
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    if (how === "lost") return;
    if (how === "ended" || this.#suspicions.size === 0) rmSync(this.#path, { force: true });
    else replace(this.#path, this.#text());
  }

  #write(added: string): void {
    const text = this.#back + added;
    this.#back = "";
    if (this.#size + text.length > COMPACT_AT) return this.#rewrite();
    if (this.#descriptor === undefined) {
      mkdirSync(dirname(this.#path), { recursive: true });
      this.#descriptor = openSync(this.#path, "a");
    }
    writeSync(this.#descriptor, text);
    this.#size += text.length;
  }

  /** From the suspicions and those that are away; whoever reads meanwhile finds the old note or the new one. */
  #rewrite(): void {
    const text = this.#text();
    replace(this.#path, text);
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = openSync(this.#path, "a");
    this.#size = text.length;
  }

  #text(): string {
    const suspect = [...this.#suspicions].map(([key, times]) => `=${times} ${JSON.stringify(key)}\n`);
    const away = [...this.#away].map((key) => `+${JSON.stringify(key)}\n`);
    return [...suspect, ...away].join("");
  }
}

function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** What a life has left; nothing if there is no note. A line that was torn by the end of the process is passed over. */
function read(path: string): { readonly away: ReadonlySet<StepKey>; readonly suspicions: Suspicions } {
  const away = new Set<StepKey>();
  const suspicions = new Map<StepKey, number>();
  for (const line of textOf(path).split("\n")) {
    const [, kind, times, quoted] = /^([+=-])(?:(\d+) )?(".*")$/.exec(line) ?? [];
    const key = quoted === undefined ? undefined : keyOf(quoted);
    if (key === undefined) continue;
    if (kind === "+") away.add(key);
    else if (kind === "-") away.delete(key);
    else suspicions.set(key, Number(times));
  }
  return { away, suspicions };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function keyOf(quoted: string): StepKey | undefined {
  try {
    return JSON.parse(quoted) as StepKey; // keys are written here alone; a stranger's text is no step's key and harms nobody
  } catch {
    return undefined;
  }
}
