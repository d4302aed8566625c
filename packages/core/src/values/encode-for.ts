/** `encodeFor`: encodes a value and says whose it is when it cannot be sent. */
import { isMillraceError, MillraceError } from "../errors/millrace-error.js";
import { encodeValue } from "./encode.js";
import type { Ref } from "./ref.js";

/**
 * As encodeValue.
 * @param owner Who hands the value over, for the message: `a call of FetchForecast`.
 * @param refs As for encodeValue.
 * @throws MillraceError `value-not-sendable`, naming the owner and the path.
 */
export function encodeFor(owner: string, root: string, value: unknown, refs?: Ref[]): Uint8Array {
  try {
    return encodeValue(value, root, refs);
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    throw new MillraceError(error.code, `In ${owner}, ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      data: { ...error.data, owner },
    });
  }
}
