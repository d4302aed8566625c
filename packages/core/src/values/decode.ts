/** `decodeValue`: bytes → value. Bytes are not trusted: no stored code runs, and prototypes come from the table and the registry alone. */
import { isMillraceError } from "../errors/millrace-error.js";
import { readEnvelope } from "./envelope.js";
import { kindByTag } from "./kinds.js";
import { unpackPayload } from "./payload.js";
import { Ref } from "./ref.js";
import { isMarker, isTagged } from "./tagged.js";
import { unreadable } from "./unreadable.js";

/** Gives what stands behind a Ref. */
export type RefReader = (ref: Ref) => unknown;

/**
 * Decodes what encodeValue wrote. The value shares no memory with the bytes.
 * @param read Puts values in place of Refs; without it they stay, with nothing behind them.
 * @throws MillraceError `value-unreadable`: damaged, of a newer version, or of a value class that is not registered here.
 */
export function decodeValue(bytes: Uint8Array, read?: RefReader): unknown {
  const lowered = unpackPayload(readEnvelope(bytes));
  try {
    return raise(lowered, read);
  } catch (cause) {
    if (isMillraceError(cause) && (cause.code === "value-unreadable" || cause.code === "store-corrupt")) throw cause;
    throw unreadable(`a part of it makes no valid value (${cause instanceof Error ? cause.message : String(cause)})`, {
      cause,
    });
  }
}

/** Turns tagged arrays into values, in place: arrays and objects are fresh from the byte layer. */
function raise(value: unknown, read: RefReader | undefined): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    if (isTagged(value)) return raiseTagged(value, read);
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (typeof item === "object" && item !== null) value[i] = raise(item, read);
    }
    return value;
  }
  if (value instanceof Uint8Array || isMarker(value)) throw unreadable("its parts are in no valid order");
  // What is left is an object of the byte layer, whose keys are never `__proto__`.
  const object = value as Record<string, unknown>;
  for (const key in object) {
    const field = object[key];
    if (typeof field === "object" && field !== null) object[key] = raise(field, read);
  }
  return object;
}

function raiseTagged(lowered: readonly unknown[], read: RefReader | undefined): unknown {
  const tag = lowered[1];
  const kind = typeof tag === "number" ? kindByTag(tag) : undefined;
  if (!kind) throw unreadable(`a value of it has the kind ${String(tag)}, which this version does not know`);
  const parts: unknown[] = [];
  for (let i = 2; i < lowered.length; i++) {
    const part = lowered[i];
    parts.push(kind.holdsBytes && part instanceof Uint8Array ? part : raise(part, read));
  }
  const raised = kind.raise(parts);
  return read && Ref.isRef(raised) ? read(raised) : raised;
}
