/** What durable stores do with facts of code that no build has seen: refuse them, since nothing could resume such a run. */
import { type FactBatch, isUnbuiltSite, MillraceError, UNBUILT } from "@millrace/core";

/** @throws MillraceError `unbuilt-code`, naming the run. */
export function refuseUnbuilt(batches: readonly FactBatch[]): void {
  for (const { run, facts } of batches) {
    for (const fact of facts) {
      const unbuilt = ("build" in fact && fact.build === UNBUILT) || ("site" in fact && isUnbuiltSite(fact.site));
      if (!unbuilt) continue;
      throw new MillraceError("unbuilt-code", `Run "${run}" executes tasks or flows that no build has seen.`, {
        hint: "A durable store keeps only what can be resumed: run `flow build` and open the engine with openEngine, or test with the memory store.",
        data: { run },
      });
    }
  }
}
