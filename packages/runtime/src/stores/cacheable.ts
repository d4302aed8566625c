/** Which facts are results that other runs may have. */
import type { Fact, StepSettled, StoredBytes } from "@millrace/core";

/** True for a result that is shared. */
export function isCacheable(fact: Fact): fact is StepSettled & { readonly value: StoredBytes } {
  return (
    fact.kind === "step-settled" && fact.cacheable === true && fact.state === "succeeded" && fact.value !== undefined
  );
}
