/** Facts for stores that keep them in memory: with bytes of their own, read once. */
import { bytesInMemory, type Fact, type StoredBytes } from "@millrace/core";

/** A fact whose bytes are its own: the appender may hand in slices of a buffer that it uses again. */
export function ownBytes(fact: Fact): Fact {
  const copies: Record<string, StoredBytes> = {};
  for (const field of ["params", "value", "error"]) {
    // Safe: no fact keeps anything but StoredBytes under these three names.
    const bytes = (fact as unknown as Record<string, StoredBytes | undefined>)[field];
    if (bytes !== undefined) copies[field] = bytesInMemory(Uint8Array.from(bytes.read()));
  }
  return { ...fact, ...copies };
}
