/** Kinds without inner values that are no objects: undefined, the odd numbers, BigInt, odd text. */

import { RawBytes } from "../tagged.js";
import { unreadable } from "../unreadable.js";
import { type Kind, kind } from "./kind.js";
import { bytesPart, expectParts, textPart } from "./part.js";

function constant<T>(tag: number, name: string, typeText: string, value: T): Kind<T> {
  return kind<T>({
    tag,
    name,
    typeText,
    recognise: (other) => Object.is(other, value),
    lower: () => [],
    raise: (parts) => {
      expectParts(parts, 0);
      return value;
    },
  });
}

/** `undefined`: also as a property, which differs from a missing one. */
export const undefinedKind: Kind<undefined> = constant(1, "undefined", "undefined", undefined);
/** NaN. */
export const nanKind: Kind<number> = constant(2, "NaN", "number", Number.NaN);
/** Infinity. */
export const infinityKind: Kind<number> = constant(3, "Infinity", "number", Number.POSITIVE_INFINITY);
/** −Infinity. */
export const negativeInfinityKind: Kind<number> = constant(4, "-Infinity", "number", Number.NEGATIVE_INFINITY);
/** −0. */
export const negativeZeroKind: Kind<number> = constant(5, "-0", "number", -0);

/** BigInt of any size, as hexadecimal text (decimal text takes quadratic time). */
export const bigintKind: Kind<bigint> = kind<bigint>({
  tag: 6,
  name: "bigint",
  typeText: "bigint",
  recognise: (value) => typeof value === "bigint",
  lower: (value) => [value.toString(16)],
  raise: (parts) => {
    expectParts(parts, 1);
    const [, sign, digits] = /^(-?)([0-9a-f]+)$/.exec(textPart(parts, 0)) ?? [];
    if (digits === undefined) throw unreadable("a bigint is damaged");
    const size = BigInt(`0x${digits}`);
    return sign === "" ? size : -size;
  },
});

/** Text that UTF-8 cannot carry (lone surrogates), or that a decoder would change (a byte order mark at the start). */
export const textKind: Kind<string> = kind<string>({
  tag: 7,
  name: "text",
  holdsBytes: true,
  typeText: "string",
  recognise: (value) => typeof value === "string" && !isPlainText(value),
  lower: (value) => [new RawBytes(Buffer.from(value, "utf16le"))],
  raise: (parts) => {
    expectParts(parts, 1);
    const bytes = bytesPart(parts, 0);
    if (bytes.length % 2 !== 0) throw unreadable("a text is damaged");
    return Buffer.from(bytes.buffer).toString("utf16le");
  },
});

/** True for text that the byte layer gives back unchanged. */
export function isPlainText(text: string): boolean {
  // Node 20 has isWellFormed; the language level that this is compiled for does not declare it.
  return (text as string & { isWellFormed(): boolean }).isWellFormed() && text.charCodeAt(0) !== 0xfeff;
}
