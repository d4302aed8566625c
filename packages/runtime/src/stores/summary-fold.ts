/** The line of a run in a list, as a fold over its facts. Pure; the stores keep the result beside the facts. */
import { bug, type Fact, type RunId, type RunSummary } from "@millrace/core";

/** What the fold keeps: everything but the owner, which is the lease's. */
export type FoldedSummary = Omit<RunSummary, "owner">;

/** The summary after one more fact. @throws MillraceError `internal-bug` unless the fact follows the newest one. */
export function foldSummary(run: RunId, before: FoldedSummary | undefined, fact: Fact): FoldedSummary {
  const newest = before?.seq ?? 0;
  if (fact.seq !== newest + 1) {
    throw bug(`fact ${fact.seq} of run "${run}" does not follow the newest recorded one, ${newest}`, { run });
  }
  if (before === undefined) {
    if (fact.kind !== "run-started") throw bug(`run "${run}" begins with a fact "${fact.kind}"`, { run });
    const { flow, build, at, seq } = fact;
    return { id: run, flow, build, state: "running", startedAt: at, updatedAt: at, seq };
  }
  const next = { ...before, seq: fact.seq, updatedAt: fact.at };
  switch (fact.kind) {
    case "run-started":
      throw bug(`run "${run}" begins twice`, { run });
    case "run-resumed":
      return { ...withoutReason(next), state: "running", build: fact.build };
    case "run-suspended":
      return { ...next, state: "suspended", reason: fact.reason };
    case "run-ended":
      return { ...withoutReason(next), state: fact.state };
    default:
      return next;
  }
}

function withoutReason({ reason: _, ...rest }: FoldedSummary): FoldedSummary {
  return rest;
}
