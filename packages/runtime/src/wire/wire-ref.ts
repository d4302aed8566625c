/** What stands behind the Refs of a job, on the wire: bytes, or the file that holds them. */
import type { JobRef } from "@millrace/core";
import type { FrameWriter } from "./frame.js";
import { bytesFromWire, bytesToWire, type WireBytes } from "./wire-bytes.js";

/** One of them. */
export interface WireRef {
  readonly hash: string;
  readonly bytes: WireBytes | string;
}

/** Puts it on the wire. */
export function refToWire({ hash, bytes }: JobRef, frame: FrameWriter): WireRef {
  return { hash, bytes: typeof bytes === "string" ? bytes : bytesToWire(bytes, frame) };
}

/** Takes it from the wire, as a view. */
export function refFromWire({ hash, bytes }: WireRef, frame: ArrayBuffer): JobRef {
  return { hash, bytes: typeof bytes === "string" ? bytes : bytesFromWire(bytes, frame) };
}
