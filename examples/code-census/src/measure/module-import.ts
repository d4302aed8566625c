/** Which modules a file asks for, and to which package a specifier belongs. */
import { isBuiltin } from "node:module";
import { isNode, type SyntaxNode } from "./syntax-node.js";

/** `static`: import and re-export declarations; `dynamic`: `import("x")`; `require`: `require("x")`. Literals only. */
export type ImportKind = "static" | "dynamic" | "require";

/** One request for a module. */
export interface ModuleImport {
  /** How it is asked for. */
  readonly kind: ImportKind;
  /** As written. */
  readonly specifier: string;
}

/** The request that a node makes, if it makes one. */
export function moduleImport(node: SyntaxNode): ModuleImport | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return request("static", node.source);
    case "TSExternalModuleReference":
      return request("require", node.expression);
    case "ImportExpression":
      return request("dynamic", node.source);
    case "CallExpression":
      return callRequest(node);
    default:
      return undefined;
  }
}

function callRequest(node: SyntaxNode): ModuleImport | undefined {
  const callee = node.callee;
  if (!isNode(callee) || !Array.isArray(node.arguments)) return undefined;
  if (callee.type === "Import") return request("dynamic", node.arguments[0]);
  if (callee.type === "Identifier" && callee.name === "require") return request("require", node.arguments[0]);
  return undefined;
}

function request(kind: ImportKind, source: unknown): ModuleImport | undefined {
  if (!isNode(source) || source.type !== "StringLiteral") return undefined;
  return { kind, specifier: String(source.value) };
}

/** Stands for everything that is built into Node; its npm namesake only installs Node. */
export const BUILT_IN = "node";

/** The package that a specifier names; BUILT_IN for what Node has itself; undefined for files, URLs and `#` imports. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./#]|^$/.test(specifier)) return undefined;
  if (isBuiltin(specifier)) return BUILT_IN;
  // What is left with a colon is a URL or a bundler's prefix.
  if (specifier.includes(":")) return undefined;
  const [first = "", second] = specifier.split("/");
  if (!first.startsWith("@")) return first;
  return second ? `${first}/${second}` : undefined;
}
