/**
 * What the compiler of single modules has to know of a module's text. Plain data: it is read where the syntax trees are, and
 * used in a thread that has no parser.
 */
import { ts } from "ts-morph";
import { type ComputedImports, computedImports } from "./computed-imports.js";
import { declaresRequire } from "./declares-require.js";
import { type TakenNames, takenNames } from "./import-names.js";

/** A module as it was read. */
export interface ModuleFacts {
  /** Source text, without a byte order mark. */
  readonly text: string;
  /** What it takes from what it imports, by specifier. */
  readonly taken: ReadonlyMap<string, TakenNames>;
  readonly computed: ComputedImports;
  /** It has a `require` of its own at its top. */
  readonly ownRequire: boolean;
}

/** Reads a module's tree. `file` is its absolute path. */
export function moduleFacts(syntax: ts.SourceFile, file: string): ModuleFacts {
  const { text } = syntax;
  const ownRequire = /\brequire\b/.test(text) && declaresRequire(syntax);
  return { text, taken: takenNames(syntax), computed: computedImports(syntax, { file, ownRequire }), ownRequire };
}

/** Reads a module that the analyser has not: JavaScript that the project does not list. */
export function moduleFactsOf(text: string, file: string): ModuleFacts {
  return moduleFacts(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), file);
}
