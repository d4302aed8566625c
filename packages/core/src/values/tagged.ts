/**
 * How a special kind looks inside the payload: an array whose first element is the marker, then the tag number of its
 * kind, then its parts. The marker is MessagePack's never-used byte 0xC1: no plain value encodes to it, so nothing has
 * to be escaped, and no process-wide extension table (which user code may change) takes part.
 */
import { unpack } from "msgpackr/pack";

/** The object that msgpackr reads for that byte, and writes as it. */
const C1: unknown = unpack(Uint8Array.of(0xc1));

/** Raw bytes as a part of a kind: written as MessagePack `bin`, never taken for a value of their own. */
export class RawBytes {
  /** The bytes; a view that is only read. */
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Marks lowered parts with the tag of their kind. */
export function tagged(tag: number, parts: readonly unknown[]): readonly unknown[] {
  return [C1, tag, ...parts];
}

/** True for the arrays that `tagged` makes. */
export function isTagged(array: readonly unknown[]): boolean {
  return array[0] === C1;
}

/** True for the marker itself. */
export function isMarker(value: unknown): boolean {
  return value === C1;
}
