/**
 * Takes revealed secrets out of a lowered value, on its way to bytes: texts and keys get words in their place, bytes get
 * asterisks. Everything that leaves a thread or is stored is encoded, so this one place holds for all of it.
 */
import { anythingRevealed, bytesWithoutRevealed, withoutRevealed } from "../secrets/revealed-text.js";
import { decodeValue } from "./decode.js";
import { secretKind } from "./kinds/secret.js";
import { packPayload } from "./payload.js";
import { isTagged, tagged } from "./tagged.js";

/** What stands for a value whose kind cannot hold the words: a bigint, a URL whose host was secret. */
const WHOLE = "[holds a secret]";

/** The very same value if nothing of it was revealed in this thread. */
export function withoutSecrets(lowered: unknown): unknown {
  return anythingRevealed() ? clean(lowered) : lowered;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return withoutRevealed(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return bytesWithoutRevealed(value);
  if (Array.isArray(value)) return isTagged(value) ? cleanKind(value) : cleanArray(value);
  return cleanObject(value as Readonly<Record<string, unknown>>); // what is left of lowered values is plain
}

function cleanArray(value: readonly unknown[]): readonly unknown[] {
  const cleaned = value.map(clean);
  return cleaned.some((item, i) => item !== value[i]) ? cleaned : value;
}

function cleanObject(value: Readonly<Record<string, unknown>>): object {
  let changed = false;
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => {
    const entry: [string, unknown] = [withoutRevealed(key), clean(field)];
    changed ||= entry[0] !== key || entry[1] !== field;
    return entry;
  });
  return changed ? Object.fromEntries(entries) : value;
}

function cleanKind(value: readonly unknown[]): unknown {
  const [, tag, ...parts] = value as readonly [unknown, number, ...unknown[]];
  // A reference is what may be shown, and its own words would make it another.
  if (tag === secretKind.tag) return value;
  const cleaned = cleanArray(parts);
  if (cleaned === parts) return value;
  const whole = tagged(tag, cleaned);
  try {
    decodeValue(packPayload(whole));
    return whole;
  } catch {
    return WHOLE;
  }
}
