/** A run goes on with the job that it was started with: if the file says something else by now, whoever asks has to decide. */
import {
  compareJobGraphs,
  compareRuleSets,
  type JobGraphDifference,
  MillraceError,
  type RuleSetDifference,
  type RunId,
} from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import type { CommandPlace } from "../project/place-of-command.js";
import { recordedDocument } from "./recorded-document.js";

/** Compares the job of a run with that of the file. @throws MillraceError `run-differs`, with what was added, removed and changed. */
export async function refuseChangedJob(place: CommandPlace, run: RunId, document: JobDocument): Promise<void> {
  const difference = differenceOf(await recordedDocument(place, run), document);
  if (!difference) return;
  const parts = Object.entries(difference).flatMap(([what, ids]) =>
    ids.length === 0 ? [] : [`${what}: ${ids.join(", ")}`],
  );
  throw new MillraceError("run-differs", `Run ${run} was started with another job (${parts.join("; ")}).`, {
    hint: `Go on with the job of the run: \`flow resume ${run}\`. Or start the new one: without -r.`,
    data: { run, ...difference },
  });
}

function differenceOf(
  recorded: JobDocument | undefined,
  now: JobDocument,
): RuleSetDifference | JobGraphDifference | undefined {
  if (!recorded) return undefined;
  if ("rules" in recorded && "rules" in now) return compareRuleSets(recorded.rules, now.rules);
  if ("graph" in recorded && "graph" in now) return compareJobGraphs(recorded.graph, now.graph);
  return { added: [], removed: [], changed: ["tasks to rules, or rules to tasks"] };
}
