/** The run as a whole, fact by fact. Its counts of steps are whoever's who knows which of them stand. */
import type { RunId } from "../identity/brands.js";
import type { StepTotals } from "./events.js";
import type { Fact } from "./facts.js";
import type { RunHeader } from "./run-view.js";
import { bytesError, bytesImage } from "./step-views.js";

const NO_STEPS: StepTotals = { total: 0, succeeded: 0, failed: 0, skipped: 0, aborted: 0, restored: 0, cached: 0 };

/** The header after one more fact; undefined before the first. */
export function foldHeader(id: RunId, header: RunHeader | undefined, fact: Fact): RunHeader | undefined {
  if (fact.kind === "run-started") {
    return {
      id,
      flow: fact.flow,
      build: fact.build,
      state: "running",
      startedAt: fact.at,
      updatedAt: fact.at,
      resumes: 0,
      params: bytesImage(fact.params),
      ...(fact.origin ? { origin: fact.origin } : {}),
      totals: NO_STEPS,
      orphans: 0,
    };
  }
  if (!header) return undefined;
  if (fact.kind === "run-resumed") {
    const { reason: _reason, message: _message, endedAt: _endedAt, result: _result, error: _error, ...rest } = header;
    return { ...rest, state: "running", build: fact.build, resumes: rest.resumes + 1, orphans: 0, updatedAt: fact.at };
  }
  if (fact.kind === "run-suspended") {
    return { ...header, state: "suspended", reason: fact.reason, message: fact.message, updatedAt: fact.at };
  }
  if (fact.kind === "run-ended") {
    return {
      ...header,
      state: fact.state,
      endedAt: fact.at,
      updatedAt: fact.at,
      orphans: fact.orphans.length,
      ...(fact.value ? { result: bytesImage(fact.value) } : {}),
      ...(fact.error ? { error: bytesError(fact.error) } : {}),
    };
  }
  return { ...header, updatedAt: fact.at };
}
