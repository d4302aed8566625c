/** Sorts types into the kinds of the processor table. Decides nothing about schemas. */
import { type Symbol as MorphSymbol, SymbolFlags, type Type, TypeFlags } from "ts-morph";
import { sdkSymbols } from "../project/sdk-symbols.js";
import { valueClassOf } from "./value-class.js";

/** One row of the processor table. */
export type TypeKind =
  | "anything"
  | "parameter"
  | "never"
  | "undefined"
  | "null"
  | "string"
  | "number"
  | "boolean"
  | "bigint"
  | "template"
  | "literal"
  | "enum"
  | "union"
  | "intersection"
  | "array"
  | "tuple"
  | "plain-object"
  | "object"
  | "codec"
  | "function"
  | "symbol"
  | "promise"
  | "value-class"
  | "class";

const BY_FLAG: readonly (readonly [TypeFlags, TypeKind])[] = [
  [TypeFlags.Any | TypeFlags.Unknown, "anything"],
  // Known only where the task is called; until then, what it extends.
  [TypeFlags.TypeParameter | TypeFlags.IndexedAccess | TypeFlags.Conditional, "parameter"],
  [TypeFlags.Never, "never"],
  [TypeFlags.Undefined | TypeFlags.Void, "undefined"],
  [TypeFlags.Null, "null"],
  [TypeFlags.EnumLiteral, "enum"],
  [TypeFlags.Boolean, "boolean"],
  [TypeFlags.StringLiteral | TypeFlags.NumberLiteral | TypeFlags.BooleanLiteral, "literal"],
  [TypeFlags.BigInt | TypeFlags.BigIntLiteral, "bigint"],
  [TypeFlags.TemplateLiteral, "template"],
  [TypeFlags.String | TypeFlags.StringMapping | TypeFlags.Index, "string"],
  [TypeFlags.Number | TypeFlags.Enum, "number"],
  [TypeFlags.ESSymbol | TypeFlags.UniqueESSymbol, "symbol"],
  [TypeFlags.Union, "union"],
  [TypeFlags.Intersection, "intersection"],
  [TypeFlags.NonPrimitive, "plain-object"],
];

/** The kind of a type. */
export function kindOf(type: Type): TypeKind {
  const flags = type.getFlags();
  for (const [mask, kind] of BY_FLAG) if (flags & mask) return kind;
  if (type.isTuple()) return "tuple";
  if (type.isArray() || type.isReadonlyArray()) return "array";
  if (valueClassOf(type) !== undefined) return "value-class";
  if (codecOf(type) !== undefined) return "codec";
  const symbol = type.getSymbol();
  if (symbol && fromPlatform(symbol) && /^Promise(Like)?$/.test(symbol.getName())) return "promise";
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return "function";
  return symbol && isClass(symbol) ? "class" : "object";
}

const CODECS = new Set([
  "Date",
  "Map",
  "Set",
  "RegExp",
  "URL",
  "ArrayBuffer",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
  "Buffer",
]);

const ALIASES: Readonly<Record<string, string>> = { ReadonlyMap: "Map", ReadonlySet: "Set" };

/** The kind of the values table that carries a platform type; undefined for types without one. */
export function codecOf(type: Type): string | undefined {
  const symbol = type.getSymbol();
  if (symbol && fromPlatform(symbol)) {
    const name = ALIASES[symbol.getName()] ?? symbol.getName();
    if (CODECS.has(name)) return name;
  }
  if (symbol?.getName() === "Secret" && sdkSymbols().nameOf(symbol) === "Secret") return "Secret";
  return isError(type) ? "Error" : undefined;
}

function isError(type: Type): boolean {
  const symbol = type.getSymbol();
  if (symbol?.getName() === "Error" && fromPlatform(symbol)) return true;
  // Only classes and interfaces have base types; asking others is an error of the checker.
  return type.isClassOrInterface() && type.getBaseTypes().some(isError);
}

/** True for what the language or Node itself declares. */
function fromPlatform(symbol: MorphSymbol): boolean {
  return symbol
    .getDeclarations()
    .some((d) =>
      /\/node_modules\/(typescript\/lib|@types\/node|undici-types|buffer)\//.test(d.getSourceFile().getFilePath()),
    );
}

/** Classes of the project and of packages, and platform interfaces that stand for a class (`Headers`, `WeakMap`). */
function isClass(symbol: MorphSymbol): boolean {
  if (symbol.hasFlags(SymbolFlags.Class)) return true;
  if (!symbol.hasFlags(SymbolFlags.Interface) || !fromPlatform(symbol)) return false;
  const value = symbol.getValueDeclaration();
  return value !== undefined && value.getType().getConstructSignatures().length > 0;
}
