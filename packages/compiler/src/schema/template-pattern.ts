/** Template literal types as regular expressions: `` `v${number}` `` → `^v…$`. */
import { ts } from "ts-morph";

/** Texts that TypeScript takes for a number: decimal, with exponent, or with a radix. */
const NUMBER = "-?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|0[xX][\\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)";
const ANY_TEXT = "[\\s\\S]*";

/** The pattern of a template literal type, anchored at both ends; undefined for all other types. */
export function templatePattern(type: ts.Type): string | undefined {
  const body = bodyOf(type);
  return body === undefined ? undefined : `^${body}$`;
}

function bodyOf(type: ts.Type): string | undefined {
  if (!(type.flags & ts.TypeFlags.TemplateLiteral)) return undefined;
  const { texts, types } = type as ts.TemplateLiteralType; // the flag says so
  return texts.map((text, i) => `${escaped(text)}${i < types.length ? holeOf(types[i] as ts.Type) : ""}`).join("");
}

/** What may stand in one `${…}`. */
function holeOf(type: ts.Type): string {
  if (type.isUnion()) return `(?:${type.types.map(holeOf).join("|")})`;
  if (type.isStringLiteral()) return escaped(type.value);
  if (type.flags & ts.TypeFlags.Number) return NUMBER;
  if (type.flags & ts.TypeFlags.BigInt) return "-?\\d+";
  // Transformed texts (`Uppercase<string>`) are any text: the transformation has no pattern.
  return bodyOf(type) ?? ANY_TEXT;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
