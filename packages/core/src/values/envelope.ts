/**
 * The envelope around every encoded value: what lets a later version refuse, or still read, what this one stored.
 *
 *   byte 0   envelope version (1)
 *   byte 1   codec id (1 = MessagePack with tagged kinds)
 *   byte 2…  payload, read by that codec
 */
import { unreadable } from "./unreadable.js";

/** Version of the envelope: the meaning of the two header bytes. */
export const ENVELOPE_VERSION = 1;

/** Codec id of MessagePack whose special kinds are tagged arrays (values/tagged.ts). */
export const CODEC_MSGPACK = 1;

/** Bytes before the payload. */
export const HEADER_BYTES = 2;

/** Writes the header where an envelope begins. */
export function writeHeader(bytes: Uint8Array): void {
  bytes[0] = ENVELOPE_VERSION;
  bytes[1] = CODEC_MSGPACK;
}

/** Puts the header before a payload. The result owns its ArrayBuffer, exactly as long as it is, so it may be transferred. */
export function wrapPayload(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  writeHeader(bytes);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** The payload of an envelope, as a view. @throws MillraceError `value-unreadable`. */
export function readEnvelope(bytes: Uint8Array): Uint8Array {
  const [version, codec] = bytes;
  if (version === undefined || codec === undefined || bytes.length === HEADER_BYTES) {
    throw unreadable(`it has ${bytes.length} bytes and an encoded value has at least 3`);
  }
  if (version > ENVELOPE_VERSION) {
    throw unreadable(
      `it was written by a newer Millrace (envelope ${version}; this version reads up to ${ENVELOPE_VERSION})`,
    );
  }
  if (version !== ENVELOPE_VERSION) throw unreadable(`its first byte is ${version}, which no version has written`);
  if (codec !== CODEC_MSGPACK) throw unreadable(`its codec ${codec} is unknown to this version`);
  return bytes.subarray(HEADER_BYTES);
}

/** Id of the codec that wrote these bytes; undefined if they are too short to tell. Looks at the header alone. */
export function codecOf(bytes: Uint8Array): number | undefined {
  return bytes[1];
}
