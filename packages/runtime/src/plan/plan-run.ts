/**
 * What a resume would do, found by the resume's own means: the body of the flow, graph or rule set runs against its record, and no step does. What
 * depends on a step that would run is unknown; how a body gets past it is said by its `PlannedBody`.
 */
import { decodeValue, type PlanDocument } from "@millrace/core";
import { ambiguityText } from "../runs/ambiguity-text.js";
import type { ReadLife } from "../runs/read-life.js";
import { RunPast } from "../runs/run-past.js";
import type { ResultCache } from "../steps/result-cache.js";
import { PlanScope } from "./plan-scope.js";

/** Plans the resume of a run. The code of flows runs on this thread, as on every resume; no step runs, nothing is written. */
export async function planRun(
  { record, code, program, relation }: ReadLife,
  { cache }: { readonly cache: ResultCache },
): Promise<PlanDocument> {
  const past = new RunPast(record, relation);
  const head = { run: record.id, flow: program.id };
  const ambiguous = past.ambiguities();
  if (ambiguous.length > 0) return { ...head, steps: [], orphans: [], stops: ambiguityText(record.id, ambiguous) };
  const scope = new PlanScope(record, past, { code, cache });
  const body = program.open(scope, record.started.at);
  // The bytes were made by encodeValue from a validated parameter object.
  await Promise.race([body.run(decodeValue(record.started.params.read()) as object), scope.stopped]);
  const found = scope.result();
  await body.freeze("process", "the plan is made");
  return { ...head, ...found };
}
