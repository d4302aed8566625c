/**
 * What a resume would do, found by the resume's own means: the body runs against its record, and no step does. A step that
 * would run gives what stood on record instead, so that the body reaches its other calls; whatever depends on it by the
 * flow's graph is unknown.
 */
import { decodeValue, MillraceError, type PlanDocument, rootPath } from "@millrace/core";
import type { Code } from "../builds/code.js";
import { FlowBody } from "../drivers/flow/flow-body.js";
import { ambiguityText } from "../runs/ambiguity-text.js";
import { type Relation, RunPast } from "../runs/run-past.js";
import type { RunRecord } from "../runs/run-record.js";
import type { ResultCache } from "../steps/result-cache.js";
import { PlanScope } from "./plan-scope.js";

/**
 * Plans the resume of a run. The flow's own code runs on this thread, as on every resume; no step runs, nothing is written.
 * @throws MillraceError `usage` for a run of a job graph or rule set.
 */
export async function planRun(
  record: RunRecord,
  { code, relation, cache }: { readonly code: Code; readonly relation: Relation; readonly cache: ResultCache },
): Promise<PlanDocument> {
  const { graph, rules } = record.started;
  if (graph || rules) {
    const what = graph ? "a job graph" : "a rule set";
    throw new MillraceError("usage", `Run ${record.id} is one of ${what}, and plans are made for flows alone.`, {
      hint: `A resume keeps what has succeeded and runs the rest: \`flow show ${record.id}\` tells which is which.`,
      data: { run: record.id },
    });
  }
  const entry = code.flow(record.started.flow);
  const past = new RunPast(record, relation);
  const head = { run: record.id, flow: entry.id };
  const ambiguous = past.ambiguities();
  if (ambiguous.length > 0) return { ...head, steps: [], orphans: [], stops: ambiguityText(record.id, ambiguous) };
  const scope = new PlanScope(record, past, { code, cache });
  const body = new FlowBody(scope, entry, { path: rootPath(entry.id), startedAt: record.started.at });
  // The bytes were made by encodeValue from a validated parameter object.
  await Promise.race([body.run(decodeValue(record.started.params.read()) as object), scope.stopped]);
  const found = scope.result();
  await body.freeze("process", "the plan is made");
  return { ...head, ...found };
}
