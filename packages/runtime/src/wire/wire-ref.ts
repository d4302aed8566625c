/** What stands behind the Refs of a job, on the wire: in the frame, in memory that is shared already, or in a file. */
import type { JobRef } from "@millrace/core";
import { type FrameSpan, type FrameWriter, viewInFrame } from "./frame.js";

/** One of them. */
export interface WireRef {
  readonly hash: string;
  readonly bytes: FrameSpan | SharedArrayBuffer | string;
}

/** Puts it on the wire; what is in memory of its own is not copied. */
export function refToWire({ hash, bytes }: JobRef, frame: FrameWriter): WireRef {
  if (typeof bytes === "string") return { hash, bytes };
  const { buffer, byteLength } = bytes;
  const isWhole = buffer instanceof SharedArrayBuffer && buffer.byteLength === byteLength;
  return { hash, bytes: isWhole ? buffer : frame.add(bytes) };
}

/** Takes it from the wire, as a view. */
export function refFromWire({ hash, bytes }: WireRef, frame: ArrayBuffer): JobRef {
  if (typeof bytes === "string") return { hash, bytes };
  return { hash, bytes: bytes instanceof SharedArrayBuffer ? new Uint8Array(bytes) : viewInFrame(frame, bytes) };
}
