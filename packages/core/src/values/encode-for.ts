/** `encodeFor`: encodes a value and says whose it is when it cannot be sent. */
import { isMillraceError, MillraceError } from "../errors/millrace-error.js";
import { encodeValue } from "./encode.js";

/**
 * As encodeValue.
 * @param owner Who hands the value over, for the message: `a call of FetchForecast`.
 * @throws MillraceError `value-not-sendable`, naming the owner and the path.
 */
export function encodeFor(owner: string, root: string, value: unknown): Uint8Array {
  try {
    return encodeValue(value, root);
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    throw new MillraceError(error.code, `In ${owner}, ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      data: { ...error.data, owner },
    });
  }
}
