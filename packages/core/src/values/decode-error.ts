/** `decodeError`: what encodeError wrote → an Error, always. */
import { isMillraceError } from "../errors/millrace-error.js";
import { decodeValue } from "./decode.js";
import { wrapThrown } from "./encode-error.js";

/** Decodes an error. Bytes that cannot be read give the MillraceError `value-unreadable` as the result; it never throws. */
export function decodeError(bytes: Uint8Array): Error {
  try {
    const value = decodeValue(bytes);
    return value instanceof Error ? value : wrapThrown(value);
  } catch (error) {
    return isMillraceError(error) ? error : wrapThrown(error);
  }
}
