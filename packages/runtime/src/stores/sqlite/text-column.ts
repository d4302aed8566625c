/**
 * Text in a column, exactly. SQLite's text ends at NUL for some readers and holds no lone surrogate, so a string with
 * either is kept as a blob of its JSON spelling, which escapes both; every other string is plain text.
 */
import type { SqlValue } from "./driver.js";

// With the flag `u` a paired surrogate is one character of its own, so only lone ones match.
const NOT_PLAIN = /[\0\p{Surrogate}]/u;

/** The column value of a string. Equal strings have equal column values. */
export function encodeText(text: string): string | Uint8Array {
  return NOT_PLAIN.test(text) ? Buffer.from(JSON.stringify(text)) : text;
}

/** The string of a column value. */
export function decodeText(value: SqlValue | undefined): string {
  if (typeof value === "string") return value;
  // Safe: only encodeText puts blobs into text columns.
  return JSON.parse(Buffer.from(value as Uint8Array).toString()) as string;
}
