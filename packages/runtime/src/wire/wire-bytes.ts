/**
 * Bytes on the wire: in the frame of their batch, or in memory that threads share, which is neither copied nor read on the way. Whoever
 * gets such memory only reads it; it goes when nobody has it any more.
 */
import { type FrameSpan, type FrameWriter, viewInFrame } from "./frame.js";

/** Bytes in shared memory. */
export interface SharedBytes {
  readonly memory: SharedArrayBuffer;
  /** Bytes from its start. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
}

/** Where bytes lie. */
export type WireBytes = FrameSpan | SharedBytes;

/** Puts bytes on the wire: those in shared memory as they are. */
export function bytesToWire(bytes: Uint8Array, frame: FrameWriter): WireBytes {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof SharedArrayBuffer ? { memory: buffer, at: byteOffset, size: byteLength } : frame.add(bytes);
}

/** Takes them from the wire, as a view. */
export function bytesFromWire(bytes: WireBytes, frame: ArrayBuffer): Uint8Array {
  return "memory" in bytes ? new Uint8Array(bytes.memory, bytes.at, bytes.size) : viewInFrame(frame, bytes);
}
