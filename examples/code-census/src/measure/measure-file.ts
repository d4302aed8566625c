/** Measures one file from its text. Pure: no disk, no clock. */
import { type FunctionMeasure, measureTree } from "./measure-tree.js";
import type { ModuleImport } from "./module-import.js";
import { parseSource } from "./parse-source.js";
import { type SourceLanguage, sourceLanguage } from "./source-language.js";

/** The function of a file, a package or the census that has the most paths. */
export interface HardestFunction {
  /** As people call it. */
  readonly name: string;
  /** Where it starts, from 1. */
  readonly line: number;
  /** Cyclomatic complexity. */
  readonly complexity: number;
}

/** Figures of one parsed file. */
export interface FileMeasure {
  /** Relative to the package's folder, posix. */
  readonly path: string;
  /** By the file's name. */
  readonly language: SourceLanguage;
  /** Size in UTF-8. */
  readonly bytes: number;
  /** Lines of text; a last line break starts none. */
  readonly lines: number;
  /** Functions with a body. */
  readonly functions: number;
  /** Of all functions together. */
  readonly complexity: number;
  /** Decision points outside all functions. */
  readonly topLevel: number;
  /** Null if the file has no function. */
  readonly hardest: HardestFunction | null;
  /** Mistakes that the parser could step over. */
  readonly recovered: number;
}

/** What measuring a file gives. */
export type MeasuredFile =
  | {
      readonly type: "measured";
      readonly file: FileMeasure;
      readonly functions: readonly FunctionMeasure[];
      readonly imports: readonly ModuleImport[];
    }
  | {
      readonly type: "unparsable";
      readonly path: string;
      readonly bytes: number;
      readonly lines: number;
      readonly message: string;
    };

/** Parses and measures a file. `path` decides the language. Never throws. */
export function measureFile(path: string, text: string): MeasuredFile {
  const bytes = Buffer.byteLength(text);
  const lines = countLines(text);
  const parsed = parseSource(path, text);
  if (parsed.type === "unparsable") return { type: "unparsable", path, bytes, lines, message: parsed.message };

  const { functions, topLevel, imports } = measureTree(parsed.root);
  const complexity = functions.reduce((sum, fn) => sum + fn.complexity, 0);
  return {
    type: "measured",
    file: {
      path,
      language: sourceLanguage(path) ?? "javascript",
      bytes,
      lines,
      functions: functions.length,
      complexity,
      topLevel,
      hardest: hardestOf(functions),
      recovered: parsed.recovered,
    },
    functions,
    imports,
  };
}

/** The most complex of some functions, the first among equals; null if there is none. */
export function hardestOf(functions: readonly HardestFunction[]): HardestFunction | null {
  let best: HardestFunction | null = null;
  for (const fn of functions) if (best === null || fn.complexity > best.complexity) best = fn;
  return best && { name: best.name, line: best.line, complexity: best.complexity };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return text === "" || text.endsWith("\n") ? lines : lines + 1;
}
