/** The first reading of a run: everything about it but its steps, and which of its records are steps that stand. */
import type { RunId, StepKey } from "../identity/brands.js";
import { Breakpoints } from "./breakpoints.js";
import type { AttemptFailed, Fact } from "./facts.js";
import { foldHeader } from "./run-header.js";
import type { RunHeader, StepView } from "./run-view.js";
import { StandingRecords } from "./standing-records.js";
import { heldStep, waitingStep } from "./step-views.js";
import { unknownRun } from "./unknown-run.js";

/** What the first reading finds. */
export interface RunSurvey {
  readonly run: RunHeader;
  /** Steps without an outcome: those that wait for another attempt, then those that are held. */
  readonly open: readonly StepView[];
  readonly standing: StandingRecords;
  /** Sequence number of the newest resume; 0 if there is none. */
  readonly resumedAt: number;
}

/** Reads it. @throws MillraceError `unknown-run` if there are no facts. */
export async function surveyRun(id: RunId, facts: AsyncIterable<Fact>): Promise<RunSurvey> {
  const standing = new StandingRecords();
  const failures = new Map<StepKey, AttemptFailed>();
  const breakpoints = new Breakpoints();
  let header: RunHeader | undefined;
  let resumedAt = 0;
  for await (const fact of facts) {
    header = foldHeader(id, header, fact);
    breakpoints.see(fact);
    standing.see(fact);
    if (fact.kind === "run-resumed") resumedAt = fact.seq;
    else if (fact.kind === "attempt-failed") failures.set(fact.key, fact);
    else if (fact.kind === "step-settled" || fact.kind === "activation-settled") failures.delete(fact.key);
  }
  if (!header) throw unknownRun(id);
  const { state } = header;
  const { selectors, stepping } = breakpoints;
  const held = breakpoints.held.map(heldStep);
  for (const { key } of held) failures.delete(key);
  const waiting = [...failures.values()].map((failure) => waitingStep(failure, state));
  const shown = selectors.length > 0 || stepping ? { breakpoints: { selectors, stepping } } : {};
  const run = { ...header, totals: standing.totals(resumedAt), ...shown };
  return { run, open: [...waiting, ...held], standing, resumedAt };
}
