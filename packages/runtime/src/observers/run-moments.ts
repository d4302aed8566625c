/** What happens to runs as a whole, from their events: what loggers, extensions and notifiers are told beside lines and transitions. */
import type { ErrorSummary, RunEvent, RunId, StepTotals, SuspendReason } from "@millrace/core";

/**
 * `start`: a run begins. `restart`: it goes on from its record, in this process for the first time or again. Then one of:
 * `success`, `failure`; `abort`: it was cancelled, or its process was asked to stop; `suspend`: it stopped before its end for another reason.
 */
export type RunMomentKind = "start" | "restart" | "success" | "failure" | "abort" | "suspend";

/** Something that happened to a run. */
export interface RunMoment {
  readonly kind: RunMomentKind;
  readonly run: RunId;
  /** Flow id, or name of a job graph. */
  readonly flow: string;
  /** ms since 1970. */
  readonly at: number;
  /** Counts of its steps; once it is over. */
  readonly totals?: StepTotals;
  /** From start or restart, ms; once it is over. */
  readonly durationMs?: number;
  /** Why it failed or was cancelled. */
  readonly error?: ErrorSummary;
  /** Why it stopped before its end. */
  readonly reason?: SuspendReason;
  /** The same for people. */
  readonly message?: string;
}

const ENDS = { succeeded: "success", failed: "failure", aborted: "abort" } as const;

/** Reads moments off the events of an engine. Remembers the name of each run that goes, and nothing else. */
export class RunMoments {
  readonly #flows = new Map<RunId, string>();

  /** Flow id of a run that goes, its own id if it is not known. */
  flowOf(run: RunId): string {
    return this.#flows.get(run) ?? run;
  }

  /** The moment behind an event; undefined for all that concerns no run as a whole. */
  of(event: RunEvent): RunMoment | undefined {
    const { run, at } = event;
    switch (event.type) {
      case "run-started":
      case "run-resumed":
        this.#flows.set(run, event.flow);
        return { kind: event.type === "run-started" ? "start" : "restart", run, flow: event.flow, at };
      case "run-suspended": {
        const { reason, message } = event;
        return { kind: reason === "interrupt" ? "abort" : "suspend", run, flow: this.#take(run), at, reason, message };
      }
      case "run-ended": {
        const { state, totals, durationMs, error } = event;
        const flow = this.#take(run);
        return { kind: ENDS[state], run, flow, at, totals, durationMs, ...(error ? { error } : {}) };
      }
      default:
        return undefined;
    }
  }

  #take(run: RunId): string {
    const flow = this.flowOf(run);
    this.#flows.delete(run);
    return flow;
  }
}

/** True for the moments after which nothing of the run follows in this life. */
export function isLast({ kind }: RunMoment): boolean {
  return kind !== "start" && kind !== "restart";
}
