/** Extensions: the short way to an observer for whoever wants to know where runs and steps stand, and nothing else. */
import {
  type ErrorSummary,
  type Observer,
  type RunEvent,
  type RunId,
  type RunState,
  type StepKey,
  type StepRef,
  type StepSource,
  type StepState,
  stepLabel,
} from "@millrace/core";
import { type Lifecycle, lifecycleCalls } from "./lifecycle.js";
import { nameOfTarget } from "./name-of-target.js";
import { OrderedCalls } from "./ordered-calls.js";
import { isLast, type RunMoment, RunMoments } from "./run-moments.js";

/** A run, or a step of it, is in another state than before. */
export type Transition = RunTransition | StepTransition;

/** What every transition has. */
export interface TransitionBase {
  readonly run: RunId;
  /** Flow id, or name of a job graph. */
  readonly flow: string;
  /** Label of the step, `FetchForecast[Oslo]`; of the run, its flow. */
  readonly name: string;
  /** ms since 1970. */
  readonly at: number;
  /** Why it failed, or why the attempt did. */
  readonly error?: ErrorSummary;
}

/** Of the run. */
export interface RunTransition extends TransitionBase {
  readonly subject: "run";
  /** A run that goes on comes from `suspended`, whatever it was stopped by. */
  readonly from: "pending" | RunState;
  readonly to: RunState;
}

/** Of a step. One whose run stops before it ends has no further transition: it begins anew when the run goes on. */
export interface StepTransition extends TransitionBase {
  readonly subject: "step";
  readonly step: StepRef;
  readonly from: StepState;
  readonly to: StepState;
  /** Begun so far; absent before the first. */
  readonly attempt?: number;
  /** Only where it settles: it ran, or came from the record or the cache. */
  readonly source?: StepSource;
}

/**
 * Gets every transition exactly once, in order. An object or a class that implements it; methods may be asynchronous, and each is
 * called when the one before is done. One that throws, falls 10,000 calls behind, or is not done 10 s after the engine's close, is
 * reported and called no more: no run feels it.
 */
export interface Extension extends Lifecycle {
  /** For messages. Default: name of the class. */
  readonly name?: string;
  /** Something is in another state. The run's first comes after `onCreate`, its last before `onSuccess` or another one. */
  update(transition: Transition): void | Promise<void>;
}

/** The observer that an extension is. */
export function extension(target: Extension): Observer {
  return new ExtensionObserver(target);
}

interface Standing {
  state: StepState;
  attempt: number;
}

const RUN_STATES = {
  start: "running",
  restart: "running",
  success: "succeeded",
  failure: "failed",
  abort: "aborted",
  suspend: "suspended",
} as const;

class ExtensionObserver implements Observer {
  readonly name: string;
  readonly #target: Extension;
  readonly #calls = new OrderedCalls();
  readonly #moments = new RunMoments();
  /** Steps that have begun and are not settled. */
  readonly #steps = new Map<RunId, Map<StepKey, Standing>>();
  #closed = false;

  constructor(target: Extension) {
    this.#target = target;
    this.name = nameOfTarget(target, "extension");
  }

  on(event: RunEvent): void {
    if (this.#closed) return;
    const moment = this.#moments.of(event);
    if (moment) this.#moment(moment);
    else this.#step(event);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#calls.finish();
  }

  #moment(moment: RunMoment): void {
    const { kind, run, flow, at, error } = moment;
    const last = isLast(moment);
    if (last) this.#steps.delete(run);
    else this.#steps.set(run, new Map());
    const from = last ? "running" : kind === "start" ? "pending" : "suspended";
    const to = moment.reason === undefined ? RUN_STATES[kind] : "suspended";
    const update = { subject: "run", run, flow, name: flow, at, from, to, ...(error ? { error } : {}) } as const;
    const hooks = lifecycleCalls(this.#target, moment);
    const told = (): unknown => this.#target.update(update);
    for (const call of last ? [told, ...hooks] : [...hooks, told]) this.#add(call);
  }

  #step(event: RunEvent): void {
    const change = changeOf(event);
    const steps = this.#steps.get(event.run);
    if (!change || !steps) return;
    const { step, to, attempt, ...more } = change;
    const { run, at } = event;
    const before = steps.get(step.key) ?? { state: "pending", attempt: 0 };
    if (before.state === to) return;
    const begun = attempt ?? before.attempt;
    if (more.source) steps.delete(step.key);
    else steps.set(step.key, { state: to, attempt: begun });
    const flow = this.#moments.flowOf(run);
    const where = { subject: "step", run, flow, name: stepLabel(step), step, at, from: before.state, to } as const;
    this.#add(() => this.#target.update({ ...where, ...(begun > 0 ? { attempt: begun } : {}), ...more }));
  }

  #add(call: () => unknown): void {
    // Leaving one out would be a lie: each is told once.
    if (this.#calls.full) throw new Error("it is 10,000 calls behind");
    this.#calls.add(call);
  }
}

type StepChange = Pick<StepTransition, "step" | "to" | "attempt" | "source" | "error">;

/** What an event does to a step; undefined if nothing. */
function changeOf(event: RunEvent): StepChange | undefined {
  switch (event.type) {
    case "step-ready":
    case "step-redispatched":
      return { step: event.step, to: "ready" };
    case "step-running":
      return { step: event.step, to: "running", attempt: event.attempt };
    case "attempt-failed":
      return { step: event.step, to: "backing-off", attempt: event.attempt, error: event.error };
    case "step-settled": {
      const { step, state, source, error } = event;
      return { step, to: state, source, ...(error ? { error } : {}) };
    }
    default:
      return undefined;
  }
}
