/** Reads parts of stored kinds with care: bytes may be damaged or hostile. */
import { unreadable } from "../unreadable.js";

/** A part that must be text. */
export function textPart(parts: readonly unknown[], index: number): string {
  const part = parts[index];
  if (typeof part !== "string") throw unreadable(`part ${index} of a value is no text`);
  return part;
}

/** A part that must be a number. */
export function numberPart(parts: readonly unknown[], index: number): number {
  const part = parts[index];
  if (typeof part !== "number") throw unreadable(`part ${index} of a value is no number`);
  return part;
}

/** A part that must be bytes, copied into an ArrayBuffer of their own. */
export function bytesPart(parts: readonly unknown[], index: number): Uint8Array<ArrayBuffer> {
  const part = parts[index];
  if (!(part instanceof Uint8Array)) throw unreadable(`part ${index} of a value is no bytes`);
  return new Uint8Array(part);
}

/** Refuses any other number of parts. */
export function expectParts(parts: readonly unknown[], count: number): void {
  if (parts.length !== count) throw unreadable(`a value has ${parts.length} parts instead of ${count}`);
}
