/** A closer look at a few files of one package: their hardest functions and their longest ones. Pure. */
import { measureFile } from "./measure-file.js";

/** A function with everything known of it. */
export interface InspectedFunction {
  /** As people call it. */
  readonly name: string;
  /** Relative to its package's folder, posix. */
  readonly file: string;
  /** Where it starts, from 1. */
  readonly line: number;
  /** Lines from its first to its last. */
  readonly lines: number;
  /** Cyclomatic complexity. */
  readonly complexity: number;
}

/** A file in short. */
export interface InspectedFile {
  /** Relative to its package's folder, posix. */
  readonly path: string;
  /** Lines of text. */
  readonly lines: number;
  /** Functions with a body. */
  readonly functions: number;
  /** Of all its functions. */
  readonly complexity: number;
}

/** What the closer look shows. */
export interface Inspection {
  /** Hardest first, at most ten. What several builds of one source share stands here once. */
  readonly functions: readonly InspectedFunction[];
  /** Longest first. */
  readonly files: readonly InspectedFile[];
}

/** Collects files; `result()` gives the hardest functions and longest files among them. */
export class Inspector {
  readonly #functions: InspectedFunction[] = [];
  readonly #files: InspectedFile[] = [];

  /** Parses and adds one file; one that cannot be parsed is left out, as in the census. */
  add(path: string, text: string): void {
    const measured = measureFile(path, text);
    if (measured.type === "unparsable") return;
    const { lines, functions, complexity } = measured.file;
    this.#files.push({ path, lines, functions, complexity });
    for (const fn of measured.functions) this.#functions.push({ file: path, ...fn });
  }

  /** Everything added so far, in order of weight. */
  result(): Inspection {
    return {
      functions: distinct(this.#functions).sort(byWeight).slice(0, 10),
      files: this.#files.sort((a, b) => b.lines - a.lines),
    };
  }
}

function byWeight(a: InspectedFunction, b: InspectedFunction): number {
  return b.complexity - a.complexity || b.lines - a.lines;
}

/** The first of functions that agree in name, lines and complexity. */
function distinct(functions: readonly InspectedFunction[]): InspectedFunction[] {
  const seen = new Map<string, InspectedFunction>();
  for (const fn of functions) {
    const key = JSON.stringify([fn.name, fn.lines, fn.complexity]);
    if (!seen.has(key)) seen.set(key, fn);
  }
  return [...seen.values()];
}
