/** `encodeFor` and `hashFor`: a value's bytes or hash, with whose it is when it cannot be sent. */
import { isMillraceError, MillraceError } from "../errors/millrace-error.js";
import { canonicalHash } from "./canonical-hash.js";
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
    throw ofOwner(error, owner);
  }
}

/** As canonicalHash. @param owner As for encodeFor. @throws MillraceError `value-not-sendable` as encodeFor does. */
export function hashFor(owner: string, root: string, value: unknown): string {
  try {
    return canonicalHash(value, root);
  } catch (error) {
    throw ofOwner(error, owner);
  }
}

function ofOwner(error: unknown, owner: string): unknown {
  if (!isMillraceError(error)) return error;
  return new MillraceError(error.code, `In ${owner}, ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    data: { ...error.data, owner },
  });
}
