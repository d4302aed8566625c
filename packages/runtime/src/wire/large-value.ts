/** Results on the wire: large ones in shared memory, with their hash, so that the main thread neither copies nor reads what it stores and hands on. */
import { hashOf, LARGE_BYTES } from "@millrace/core/thread";
import { type FrameSpan, type FrameWriter, keepFromFrame } from "./frame.js";
import type { SharedBytes } from "./wire-bytes.js";

/** A result on its way out of a thread. Small ones are cheaper in the frame of their batch. */
export type WireValue = FrameSpan | LargeValue;

/** One in shared memory. */
export interface LargeValue extends SharedBytes {
  /** SHA-256 of its bytes, hexadecimal. */
  readonly hash: string;
}

/** Puts bytes into shared memory, unless they are there, or into the frame. */
export function toWire(bytes: Uint8Array, frame: FrameWriter): WireValue {
  if (bytes.byteLength <= LARGE_BYTES) return frame.add(bytes);
  const { memory, at, size } = inSharedMemory(bytes);
  return { memory, at, size, hash: hashOf(bytes) };
}

/** Takes them out, to be kept. */
export function fromWire(value: WireValue, frame: ArrayBuffer): { readonly value: Uint8Array; readonly hash?: string } {
  return "memory" in value
    ? { value: new Uint8Array(value.memory, value.at, value.size), hash: value.hash }
    : { value: keepFromFrame(frame, value) };
}

function inSharedMemory(bytes: Uint8Array): SharedBytes {
  const { buffer, byteOffset: at, byteLength: size } = bytes;
  if (buffer instanceof SharedArrayBuffer) return { memory: buffer, at, size };
  const memory = new SharedArrayBuffer(size);
  new Uint8Array(memory).set(bytes);
  return { memory, at: 0, size };
}
