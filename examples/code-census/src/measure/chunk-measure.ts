/** Adds up the files of a chunk: what one measuring step gives. */

import { countComplexity, emptyHistogram } from "./complexity-histogram.js";
import type { FileMeasure, MeasuredFile } from "./measure-file.js";
import type { ImportKind } from "./module-import.js";
import { packageOf } from "./module-import.js";

/** How often a package is asked for. */
export interface ImportCount {
  /** The package asked for; `node` for everything built in. */
  readonly package: string;
  /** How. */
  readonly kind: ImportKind;
  /** Requests in the source. */
  readonly count: number;
}

/** A file that no parser setting could read. */
export interface UnparsableFile {
  /** Relative to the package's folder, posix. */
  readonly path: string;
  /** Size in UTF-8. */
  readonly bytes: number;
  /** Lines of text. */
  readonly lines: number;
  /** The parser's complaint. */
  readonly message: string;
}

/** Figures of a chunk. */
export interface ChunkMeasure {
  /** Parsed files, in the chunk's order. */
  readonly files: readonly FileMeasure[];
  /** The others. */
  readonly unparsable: readonly UnparsableFile[];
  /** Functions by class of complexity (complexity-histogram.ts). */
  readonly histogram: readonly number[];
  /** Sorted by package and kind. */
  readonly imports: readonly ImportCount[];
}

/** Collects measured files; `total()` gives the chunk's figures. */
export class ChunkTotals {
  readonly #files: FileMeasure[] = [];
  readonly #unparsable: UnparsableFile[] = [];
  readonly #histogram = emptyHistogram();
  readonly #imports = new Map<string, number>();

  /** Adds one file. */
  add(measured: MeasuredFile): void {
    if (measured.type === "unparsable") {
      const { type: _, ...file } = measured;
      this.#unparsable.push(file);
      return;
    }
    this.#files.push(measured.file);
    for (const fn of measured.functions) countComplexity(this.#histogram, fn.complexity);
    for (const { kind, specifier } of measured.imports) {
      const target = packageOf(specifier);
      if (target === undefined) continue;
      const key = `${target} ${kind}`;
      this.#imports.set(key, (this.#imports.get(key) ?? 0) + 1);
    }
  }

  /** The figures of everything added so far. */
  total(): ChunkMeasure {
    const imports = [...this.#imports].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      files: [...this.#files],
      unparsable: [...this.#unparsable],
      histogram: [...this.#histogram],
      imports: imports.map(([key, count]) => {
        // Neither a package's name nor a kind holds a blank.
        const [target = "", kind = "static"] = key.split(" ");
        return { package: target, kind: kind as ImportKind, count };
      }),
    };
  }
}
