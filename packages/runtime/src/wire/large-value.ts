/**
 * Large values on the wire: memory that threads share, so that the main thread neither copies nor reads what it stores and hands on.
 * Whoever gets such memory only reads it; it goes when nobody has it any more.
 */
import { hashOf } from "@millrace/core/thread";
import { type FrameSpan, type FrameWriter, keepFromFrame } from "./frame.js";

/** Values above this size in bytes travel so; smaller ones are cheaper in the frame of their batch. */
export const LARGE_BYTES = 262_144;

/** A result on its way out of a thread. */
export type WireValue = FrameSpan | LargeValue;

/** One in memory of its own. */
export interface LargeValue {
  readonly memory: SharedArrayBuffer;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly hash: string;
}

/** Puts bytes into shared memory, or into the frame. */
export function toWire(bytes: Uint8Array, frame: FrameWriter): WireValue {
  if (bytes.byteLength <= LARGE_BYTES) return frame.add(bytes);
  const memory = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(memory).set(bytes);
  return { memory, hash: hashOf(bytes) };
}

/** Takes them out, to be kept. */
export function fromWire(value: WireValue, frame: ArrayBuffer): { readonly value: Uint8Array; readonly hash?: string } {
  return "memory" in value
    ? { value: new Uint8Array(value.memory), hash: value.hash }
    : { value: keepFromFrame(frame, value) };
}
