/** What ran, and when, told from the events of runs: one execution for each attempt that was claimed. */
import type { RunEvent, StepRef } from "@millrace/core";

/** One attempt of one step. Places count events from 0; they order what wall-clock times cannot. */
export interface Execution {
  readonly run: string;
  readonly step: StepRef;
  /** From 1. */
  readonly attempt: number;
  /** Place of the event that it was running. */
  readonly begin: number;
  /** Place of the event that it had ended; undefined while it runs. */
  readonly end: number | undefined;
  /** How it ended; `interrupted` with its run, which was suspended and can go on. */
  readonly outcome: "running" | "succeeded" | "failed" | "aborted" | "skipped" | "redispatched" | "interrupted";
}

/** The executions of some events, in order of their beginnings. Steps that were restored did not run. */
export function executionsOf(events: readonly RunEvent[]): readonly Execution[] {
  const found: Execution[] = [];
  const open = new Map<string, number>();
  const close = (name: string, place: number, outcome: Execution["outcome"]): void => {
    const index = open.get(name);
    const execution = index === undefined ? undefined : found[index];
    if (index === undefined || !execution) return;
    open.delete(name);
    found[index] = { ...execution, end: place, outcome };
  };
  const end = (event: RunEvent & { readonly step: StepRef }, place: number, outcome: Execution["outcome"]): void =>
    close(nameIn(event.run, event.step), place, outcome);
  for (const [place, event] of events.entries()) {
    if (event.type === "step-running") {
      const { run, step, attempt } = event;
      open.set(nameIn(run, step), found.length);
      found.push({ run, step, attempt, begin: place, end: undefined, outcome: "running" });
    } else if (event.type === "step-settled") end(event, place, event.state);
    else if (event.type === "attempt-failed") end(event, place, "failed");
    else if (event.type === "step-redispatched") end(event, place, "redispatched");
    else if (event.type === "run-suspended") {
      for (const [name, index] of open) if (found[index]?.run === event.run) close(name, place, "interrupted");
    }
  }
  return found;
}

function nameIn(run: string, step: StepRef): string {
  return `${run} ${step.key}`;
}
