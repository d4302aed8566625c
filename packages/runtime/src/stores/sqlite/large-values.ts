/** The values of facts that go to files instead of rows. */
import type { FactBatch, StoredBytes } from "@millrace/core";
import { type ContentReference, contentReference, INLINE_LIMIT } from "./content-files.js";
import { valuesOf } from "./fact-row.js";

/** Those of some batches, by reference, and which value is which. */
export function largeValues(batches: readonly FactBatch[]): {
  readonly contents: ReadonlyMap<ContentReference, Uint8Array>;
  readonly references: ReadonlyMap<StoredBytes, ContentReference>;
} {
  const contents = new Map<ContentReference, Uint8Array>();
  const references = new Map<StoredBytes, ContentReference>();
  for (const batch of batches) {
    for (const fact of batch.facts) {
      for (const value of valuesOf(fact)) {
        if (value === undefined || value.size <= INLINE_LIMIT || references.has(value)) continue;
        const bytes = value.read();
        const reference = contentReference(bytes, value.hash);
        contents.set(reference, bytes);
        references.set(value, reference);
      }
    }
  }
  return { contents, references };
}
