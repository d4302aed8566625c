/** What shared state takes: keys and values, checked and encoded where they are given, in attempts and in bodies alike. */
import { decodeValue, encodeFor, MillraceError } from "@millrace/core/thread";

/** Longest key, UTF-16 units. */
const MAX_KEY = 1_024;
/** Largest value, encoded; bytes. Whoever reads a key gets all of it, each time. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Checks a key. @throws MillraceError `shared-misuse`. */
export function checkSharedKey(owner: string, key: unknown): asserts key is string {
  if (typeof key !== "string") {
    throw sharedMisuse(
      `In ${owner}, ${key === null ? "null" : `a value of type ${typeof key}`} is used as a key of shared state.`,
      {
        hint: "Keys are text: write String(key), or a name that says what the key holds.",
        data: { type: typeof key },
      },
    );
  }
  if (key.length <= MAX_KEY) return;
  throw sharedMisuse(
    `In ${owner}, a key of shared state is ${key.length} characters long, over the limit of ${MAX_KEY}.`,
    {
      hint: "Shorten it, or hash what makes it long.",
      data: { length: key.length, limit: MAX_KEY, begin: key.slice(0, 80) },
    },
  );
}

/** Encodes a value for a key. @throws MillraceError `value-not-sendable`, with the path or the size. */
export function encodeShared(owner: string, key: string, value: unknown): Uint8Array {
  const name = `shared[${JSON.stringify(key)}]`;
  const bytes = encodeFor(owner, name, value);
  if (bytes.byteLength <= MAX_BYTES) return bytes;
  throw new MillraceError(
    "value-not-sendable",
    `In ${owner}, ${name} takes ${bytes.byteLength} bytes, over the limit of ${MAX_BYTES}.`,
    {
      hint: "Share a path or an id instead of the data, or spread it over several keys.",
      data: { key, bytes: bytes.byteLength, limit: MAX_BYTES },
    },
  );
}

/** The value of an entry or a write; undefined if there is none. A fresh copy each time. */
export function decoded({ value }: { readonly value?: Uint8Array }): unknown {
  return value === undefined ? undefined : decodeValue(value);
}

/** Shared state is used in a way that cannot work. */
export function sharedMisuse(
  message: string,
  more: { readonly hint: string; readonly data: Readonly<Record<string, unknown>> },
): MillraceError {
  return new MillraceError("shared-misuse", message, more);
}
