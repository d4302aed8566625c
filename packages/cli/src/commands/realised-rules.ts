/** What a run has made of its rule set. */
import { type Fact, type RuleGraph, type RuleSet, realiseRules, ruleLineage } from "@millrace/core";
import type { CommandPlace } from "../project/place-of-command.js";
import { withStore } from "./open-store.js";

/** The set, with the rules that were added, and who gave what to whom; undefined if no run of rules has that id. */
export async function realisedRules(
  place: CommandPlace,
  id: string,
): Promise<{ readonly rules: RuleSet; readonly feeds: RuleGraph } | undefined> {
  return withStore(place, async (store) => {
    const run = (await store.list()).find((each) => each.id === id);
    if (!run) return undefined;
    const facts: Fact[] = [];
    for await (const fact of store.read(run.id)) facts.push(fact);
    const lineage = ruleLineage(facts);
    return lineage && { rules: lineage.set, feeds: realiseRules(lineage) };
  });
}
