/** Parses one file with Babel, as leniently as Babel can. Expected failures are values. */
import { type ParserOptions, type ParserPlugin, parse } from "@babel/parser";
import { type SourceLanguage, sourceLanguage } from "./source-language.js";
import { isNode, type SyntaxNode } from "./syntax-node.js";

/** A tree, or why there is none. */
export type ParsedSource =
  | {
      readonly type: "tree";
      /** Root of the tree. */
      readonly root: SyntaxNode;
      /** Mistakes that the parser could step over. */
      readonly recovered: number;
    }
  | {
      readonly type: "unparsable";
      /** The parser's complaint, one line. */
      readonly message: string;
    };

const LENIENT: ParserOptions = {
  errorRecovery: true,
  attachComment: false,
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
  allowNewTargetOutsideFunction: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowUndeclaredExports: true,
};

const EVERYWHERE: readonly ParserPlugin[] = [
  "decorators-legacy",
  "decoratorAutoAccessors",
  "explicitResourceManagement",
];

/** Plugins worth trying for a file, best guess first. Only plain JavaScript needs a second one: it may be Flow. */
function dialects(path: string, language: SourceLanguage): readonly (readonly ParserPlugin[])[] {
  if (language === "declaration") return [[["typescript", { dts: true }]]];
  if (language === "typescript") return [path.endsWith(".tsx") ? ["typescript", "jsx"] : ["typescript"]];
  return [["jsx"], ["jsx", ["flow", { all: true }]]];
}

function sourceType(path: string): NonNullable<ParserOptions["sourceType"]> {
  if (/\.m[jt]s$/.test(path)) return "module";
  return /\.c[jt]s$/.test(path) ? "script" : "unambiguous";
}

/** Parses the text of a file whose name says what it is written in. Never throws. */
export function parseSource(path: string, text: string): ParsedSource {
  let complaint: unknown;
  for (const dialect of dialects(path, sourceLanguage(path) ?? "javascript")) {
    try {
      const file: unknown = parse(text, {
        ...LENIENT,
        sourceType: sourceType(path),
        plugins: [...EVERYWHERE, ...dialect],
      });
      if (!isNode(file)) throw new TypeError("the parser gave no tree");
      return { type: "tree", root: file, recovered: Array.isArray(file.errors) ? file.errors.length : 0 };
    } catch (error) {
      // The first guess is the likelier one, so its complaint is the one worth reading.
      complaint ??= error;
    }
  }
  return { type: "unparsable", message: firstLine(complaint) };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? text;
}
