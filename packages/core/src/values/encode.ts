/** `encodeValue`: value → bytes. A walk lowers special kinds to tagged arrays; plain data is handed to the byte layer as it is. */
import { types } from "node:util";
import type { Kind } from "./kinds/kind.js";
import { isOddKey, recordKind } from "./kinds/objects.js";
import { dataKeys } from "./kinds/own-properties.js";
import { bigintKind, isPlainText, textKind, undefinedKind } from "./kinds/scalars.js";
import { kindOfNumber, kindOfObject } from "./kinds.js";
import { notSendable } from "./not-sendable.js";
import { packLarge, packPayload } from "./payload.js";
import { expectPlainItems, isPlainArray } from "./plain-array.js";
import { Ref } from "./ref.js";
import { refuseValue } from "./refuse.js";
import { RawBytes, tagged } from "./tagged.js";
import { Trail } from "./trail.js";
import { withoutSecrets } from "./without-secrets.js";

/** Above so many bytes of buffers in it, a value is written into shared memory. */
export const LARGE_BYTES = 262_144;

/**
 * Encodes a value as envelope bytes (values/envelope.ts) that own their memory; one with large buffers in it as bytes in memory that
 * threads share, since that spares every copy on the way. Shared references become copies;
 * what `Secret.reveal` has given in this thread is replaced (values/without-secrets.ts).
 * @param root Name of the value in paths: `result`, `params`.
 * @param refs Gets the Refs of the value. Without it they are refused: nobody would find what stands behind them.
 * @throws MillraceError `value-not-sendable` with the path of what cannot be sent in message and `data.path`.
 */
export function encodeValue(value: unknown, root = "value", refs?: Ref[]): Uint8Array {
  const trail = new Trail(root, refs);
  const lowered = lower(value, trail);
  try {
    const safe = withoutSecrets(lowered);
    return trail.bufferBytes > LARGE_BYTES ? packLarge(safe, trail.bufferBytes) : packPayload(safe);
  } catch {
    // What the walk has let through fails for one reason only: there is no room for the bytes.
    throw notSendable(root, "is too large to encode", "Write it to a file and send the path, or send parts.");
  }
}

/** Returns the very same value where nothing in it needs lowering. */
function lower(value: unknown, trail: Trail): unknown {
  switch (typeof value) {
    case "string":
      return isPlainText(value) ? value : lowerScalar(textKind, value);
    case "number": {
      const kind = kindOfNumber(value);
      return kind ? tagged(kind.tag, []) : value;
    }
    case "boolean":
      return value;
    case "undefined":
      return tagged(undefinedKind.tag, []);
    case "bigint":
      return lowerScalar(bigintKind, value);
    case "object":
      return value === null ? null : lowerObject(value, trail);
    default:
      throw refuseValue(value, trail);
  }
}

function lowerScalar<T>(kind: Kind<T>, value: T): unknown {
  return tagged(
    kind.tag,
    kind.lower(value).map((part) => (part instanceof RawBytes ? part.bytes : part)),
  );
}

function lowerObject(value: object, trail: Trail): unknown {
  if (types.isProxy(value)) throw refuseValue(value, trail);
  if (isPlainArray(value)) return lowerArray(value, trail);
  if (Object.getPrototypeOf(value) === Object.prototype) return lowerPlain(value as Record<string, unknown>, trail);
  const kind = kindOfObject(value);
  if (!kind) throw refuseValue(value, trail);
  if (Ref.isRef(value)) trail.noteRef(value);
  return lowerKind(kind, value, trail);
}

function lowerArray(value: readonly unknown[], trail: Trail): unknown {
  trail.ask(expectPlainItems, value);
  trail.enter(value);
  let copy: unknown[] | undefined;
  for (let i = 0; i < value.length; i++) {
    trail.at(i);
    const item = value[i];
    const lowered = lower(item, trail);
    if (copy === undefined && lowered !== item) copy = value.slice(0, i);
    copy?.push(lowered);
  }
  trail.leave();
  return copy ?? value;
}

function lowerPlain(value: Record<string, unknown>, trail: Trail): unknown {
  const keys = trail.ask(dataKeys, value);
  trail.enter(value);
  let copy: Record<string, unknown> | undefined;
  for (const key of keys) {
    if (isOddKey(key)) {
      trail.leave();
      return lowerKind(recordKind as Kind, value, trail);
    }
    trail.at(key);
    const field = value[key];
    const lowered = lower(field, trail);
    if (copy === undefined && lowered !== field) copy = { ...value };
    if (copy) copy[key] = lowered;
  }
  trail.leave();
  return copy ?? value;
}

function lowerKind(kind: Kind, value: object, trail: Trail): unknown {
  const parts = trail.ask((object) => kind.lower(object), value);
  trail.enter(value, kind, parts);
  const lowered = parts.map((part, i) => {
    if (part instanceof RawBytes) {
      trail.bufferBytes += part.bytes.byteLength;
      return part.bytes;
    }
    trail.at(i);
    return lower(part, trail);
  });
  trail.leave();
  return tagged(kind.tag, lowered);
}
