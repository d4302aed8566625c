/**
 * The byte layer: msgpackr without records, toJSON, or extensions. Payloads are checked (check-payload.ts) before
 * msgpackr reads them, so that hostile bytes reach neither its extensions nor its generated code.
 */
// Not the package's main door: that one looks for native code first, at every start of a process or thread.
import { Packr, RESET_BUFFER_MODE, Unpackr } from "msgpackr/pack";
import { checkPayload } from "./check-payload.js";
import { HEADER_BYTES, wrapPayload, writeHeader } from "./envelope.js";
import { unreadable } from "./unreadable.js";

// Maps of variable size, since the fixed form ends at 65,535 keys and lists inherited ones.
const FORM = { useRecords: false, variableMapSize: true, mapsAsObjects: true, useToJSON: false } as const;
const packr = new Packr(FORM);
const unpackr = new Unpackr(FORM);

/** Writes a lowered value and its envelope. */
export function packPayload(lowered: unknown): Uint8Array {
  // The pooled buffer is given back at once, since wrapping copies: results never share memory.
  return wrapPayload(packr.pack(lowered, RESET_BUFFER_MODE));
}

/** Room for all but the buffers of a large value, bytes. */
const ROOM_BYTES = 65_536;
/** What the byte layer works with between large values, bytes. */
const WORK_BYTES = 8_192;

/**
 * The same for a value with large buffers in it, which are copied this once: the bytes lie in shared memory, unless the rest of the
 * value is large, too.
 */
export function packLarge(lowered: unknown, bufferBytes: number): Uint8Array {
  const memory = new SharedArrayBuffer(HEADER_BYTES + bufferBytes + ROOM_BYTES);
  packr.useBuffer(Buffer.from(memory, HEADER_BYTES));
  try {
    const payload = packr.pack(lowered, RESET_BUFFER_MODE);
    // What did not fit has been moved.
    if (payload.buffer !== (memory as ArrayBufferLike)) return wrapPayload(payload);
    const bytes = new Uint8Array(memory, 0, HEADER_BYTES + payload.byteLength);
    writeHeader(bytes);
    return bytes;
  } finally {
    // The next value must not be written there.
    packr.useBuffer(Buffer.allocUnsafeSlow(WORK_BYTES));
  }
}

/** Reads a payload as lowered value. @throws MillraceError `value-unreadable`. */
export function unpackPayload(payload: Uint8Array): unknown {
  checkPayload(payload);
  try {
    return unpackr.unpack(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
  } catch (cause) {
    throw unreadable("its bytes are damaged", { cause });
  }
}
