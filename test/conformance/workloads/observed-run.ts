/** Watches a run of an engine to its end and writes its trace. */
import type { RunEvent, StepRef } from "@millrace/core";
import type { RecordedStep } from "@millrace/runtime";
import { type Seen, traceOf } from "./trace.js";
import type { Workload } from "./workload.js";

/** What the traces need of a run, be it started by the engine or by a scheduler. */
export interface Watched {
  events(): AsyncIterable<RunEvent>;
  outcome(): Promise<{ readonly status: string }>;
  steps(): AsyncIterable<Pick<RecordedStep, "step" | "state" | "value" | "error">>;
}

/** How a front end tells the steps of a workload apart. */
export interface Reading {
  /** The step's name in the workload. */
  name(step: StepRef): string;
  /** The data of a result. Default: the result. */
  value?(result: unknown): unknown;
  /** What a failure says. Default: its message. */
  error?(error: Error): string;
}

/** Has to be called right after the start: what is told before is told to nobody. */
export async function observedRun(workload: Workload, run: Watched, reading: Reading): Promise<string> {
  const events: RunEvent[] = [];
  for await (const event of run.events()) events.push(event);
  const { status } = await run.outcome();
  const of = (type: RunEvent["type"], key: string) => (event: RunEvent) =>
    event.type === type && "step" in event && event.step?.key === key;
  const steps = new Map<string, Seen>();
  for await (const { step, state, value, error } of run.steps()) {
    const name = reading.name(step);
    if (steps.has(name)) throw new Error(`Two steps are called ${name}: ${step.key} is the second.`);
    const end = events.find(of("step-settled", step.key));
    steps.set(name, {
      state,
      attempts: end?.type === "step-settled" ? end.attempts : 0,
      value: reading.value && value !== undefined ? reading.value(value) : value,
      error: error && (reading.error?.(error) ?? error.message),
      began: events.findIndex(of("step-running", step.key)),
      settled: end ? events.indexOf(end) : Number.POSITIVE_INFINITY,
    });
  }
  return traceOf(workload, steps, status);
}
