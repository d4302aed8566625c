/** What a call of code outside the project does, by who declares it: the language, Node, the SDK, or a package. */
import {
  type CallExpression,
  type Symbol as MorphSymbol,
  type NewExpression,
  Node,
  SyntaxKind,
  type TaggedTemplateExpression,
} from "ts-morph";
import type { SdkSymbols } from "../project/sdk-symbols.js";

/** `none`: only gives a value, though it may read; `notice`: writes to a log; `change`: changes something, or may. */
export type ForeignEffect = "none" | "notice" | "change";

/** Who knows where things are declared. */
export interface Origins {
  readonly sdk: SdkSymbols;
  /** True for the files that TypeScript itself brings. */
  readonly isStandard: (declaration: Node) => boolean;
}

/** Modules of Node whose functions only give values. */
const PLAIN_MODULES =
  /^(assert|buffer|crypto|events|os|path|perf_hooks|querystring|string_decoder|timers|url|util|zlib)(\/|$)/;

/** Functions of `fs` that only read, and the classes of what they give. */
const READING_FS =
  /^(access|exists|glob|lstat|opendir|readFile|readdir|readlink|realpath|stat|statfs)(Sync)?$|^(Dirent|Stats|StatsBase|Dir)$/;

/** Global names, of functions and of the types of what they are called on, that only give values. */
const PLAIN_GLOBALS =
  /^(AbortController|AbortSignal|Blob|Body|BodyMixin|Buffer|BufferConstructor|CryptoKey|Crypto|Event|EventTarget|File|FormData|Headers|Performance|Request|Response|ReadableStream\w*|TextDecoder\w*|TextEncoder\w*|URL|URLSearchParams|atob|btoa|clearImmediate|clearInterval|clearTimeout|queueMicrotask|setImmediate|setInterval|setTimeout|structuredClone)$/;

/** Members of `process` that only give values. */
const PLAIN_PROCESS = /^process\.(cwd|hrtime|hrtime\.bigint|uptime|memoryUsage|cpuUsage|nextTick)$/;

/** Judges a call of something that is no function of the project. */
export function foreignEffect(
  node: CallExpression | NewExpression | TaggedTemplateExpression,
  origins: Origins,
): ForeignEffect {
  const callee = Node.isTaggedTemplateExpression(node) ? node.getTag() : node.getExpression();
  if (callee.getKind() === SyntaxKind.ImportKeyword) return "change";
  if (Node.isSuperExpression(callee)) return "none";
  const text = callee.getText().replace(/^globalThis\./, "");
  const local = callee.getSymbol();
  const symbol = local?.getAliasedSymbol() ?? local;
  const declarations = symbol?.getDeclarations() ?? [];
  // Whoever calls a function through a parameter has been given it by code that is looked at.
  if (declarations.length > 0 && declarations.every((each) => Node.isParameterDeclaration(each))) return "none";
  if (symbol === undefined || declarations.length === 0) return "change";
  if (Node.isPropertyAccessExpression(callee) && origins.sdk.isShared(callee.getExpression().getType()))
    return /\.(get|has|entries)$/.test(text) ? "none" : "change";
  if (origins.sdk.nameOf(symbol) !== undefined) return /\.(log|progress|emit)\b/.test(text) ? "notice" : "none";
  if (text === "fetch" && Node.isCallExpression(node)) return isReading(node) ? "none" : "change";
  if (/^console\./.test(text)) return "notice";
  if (PLAIN_PROCESS.test(text)) return "none";
  return declarations.every((each) => isPlain(each, symbol, origins)) ? "none" : "change";
}

function isPlain(declaration: Node, symbol: MorphSymbol, { isStandard }: Origins): boolean {
  const names = [symbol.getName(), ownerName(declaration)];
  if (isStandard(declaration)) {
    const file = declaration.getSourceFile().getBaseName();
    if (/^lib\.(dom|webworker)/.test(file)) return names.some((name) => PLAIN_GLOBALS.test(name));
    return !/^(eval|Function|FunctionConstructor)$/.test(names[0] ?? "");
  }
  const path = declaration.getSourceFile().getFilePath();
  if (!/\/node_modules\/(@types\/node|undici-types)\//.test(path)) return false;
  const module = declaration
    .getAncestors()
    .filter(Node.isModuleDeclaration)
    .map((each) => each.getName())
    .find((name) => /^["']/.test(name))
    ?.replace(/^["'](node:)?|["']$/g, "");
  if (module === undefined) return names.some((name) => PLAIN_GLOBALS.test(name));
  if (/^fs(\/promises)?$/.test(module)) return names.some((name) => READING_FS.test(name));
  return PLAIN_MODULES.test(module) || names.some((name) => PLAIN_GLOBALS.test(name));
}

/** Name of the class, interface or namespace that a member is declared in. */
function ownerName(declaration: Node): string {
  const owner = declaration.getParent();
  return Node.isInterfaceDeclaration(owner) || Node.isClassDeclaration(owner) ? (owner.getName() ?? "") : "";
}

/** GET and HEAD, as far as it is written down. */
function isReading(node: CallExpression): boolean {
  const [, init] = node.getArguments();
  if (init === undefined) return true;
  if (!Node.isObjectLiteralExpression(init)) return false;
  if (init.getProperties().some((property) => Node.isSpreadAssignment(property))) return false;
  const method = init.getProperty("method");
  if (method === undefined) return true;
  const value = Node.isPropertyAssignment(method) ? method.getInitializer() : undefined;
  return Node.isStringLiteral(value) && /^(get|head)$/i.test(value.getLiteralText());
}
