/**
 * Counts of live runs, folded from their events: what progress displays show. Holds only what is in flight, so that
 * a run of a million steps costs no more than one of ten.
 */
import type { RunEvent, StepKey, StepRef } from "@millrace/core";

/** A step that has been announced and is not settled. */
export interface LiveStep {
  readonly step: StepRef;
  readonly state: "ready" | "running" | "backing-off";
  /** ms since 1970: when it became ready, was started, or failed an attempt. */
  readonly since: number;
  /** Attempts begun. */
  readonly attempt: number;
  /** From 0 to 1. */
  readonly fraction?: number;
  /** What it is at, or why its latest attempt failed. */
  readonly message?: string;
  /** ms since 1970; only while backing off. */
  readonly retryAt?: number;
}

interface MapTally {
  readonly total: number;
  readonly nodes: Set<string>;
  seen: number;
}

/** The fold. */
export class RunTally {
  /** Settled steps. */
  done = 0;
  /** Settled as failed. */
  failed = 0;
  /** Settled from a record or the cache. */
  restored = 0;
  /** ms since 1970 of the first event; undefined before it. */
  startedAt: number | undefined;
  /** Announced and not settled, in order of announcement. */
  readonly live: Map<StepKey, LiveStep> = new Map();
  readonly #maps = new Map<string, MapTally>();
  /** What the run has at least. */
  #least = 0;

  /** Takes an event of any kind. */
  apply(event: RunEvent): void {
    this.startedAt ??= event.at;
    switch (event.type) {
      case "run-started":
      case "run-resumed":
        this.#least = event.steps ?? 0;
        break;
      case "map-started":
        this.#maps.set(event.key, { total: event.total, nodes: new Set(), seen: 0 });
        break;
      case "step-ready":
      case "step-redispatched":
        this.#see(event.step, { step: event.step, state: "ready", since: event.at, attempt: 0 });
        break;
      case "step-running":
        this.#see(event.step, { step: event.step, state: "running", since: event.at, attempt: event.attempt });
        break;
      case "attempt-failed":
        this.#see(event.step, {
          step: event.step,
          state: "backing-off",
          since: event.at,
          attempt: event.attempt,
          message: event.error.message,
          retryAt: event.retryAt,
        });
        break;
      case "progress": {
        const live = this.live.get(event.step.key);
        if (!live) break;
        const { fraction = live.fraction, message = live.message } = event;
        this.live.set(event.step.key, {
          ...live,
          ...(fraction === undefined ? {} : { fraction }),
          ...(message === undefined ? {} : { message }),
        });
        break;
      }
      case "step-settled":
        if (!this.live.delete(event.step.key)) this.#note(event.step);
        this.done += 1;
        if (event.state === "failed") this.failed += 1;
        if (event.source !== "ran") this.restored += 1;
        break;
      case "run-ended":
      case "run-suspended":
        this.live.clear();
        this.#maps.clear();
        this.#least = 0;
        break;
      default:
        break;
    }
  }

  /** Steps to expect as far as known: those seen, and for each map the steps that its remaining items will take; of a job graph, its nodes. */
  get expected(): number {
    return Math.max(this.done + this.live.size + this.#rest, this.#least);
  }

  /** True while `expected` counts on what maps have done so far. */
  get isEstimate(): boolean {
    return this.#rest > 0;
  }

  get #rest(): number {
    let rest = 0;
    for (const map of this.#maps.values()) rest += Math.max(0, map.total * Math.max(1, map.nodes.size) - map.seen);
    return rest;
  }

  #see(step: StepRef, live: LiveStep): void {
    if (!this.live.has(step.key)) this.#note(step);
    this.live.set(step.key, live);
  }

  /** Counts a new step for the innermost map around it. */
  #note(step: StepRef): void {
    const item = step.key.lastIndexOf("/[");
    const map = item < 0 ? undefined : this.#maps.get(step.key.slice(0, item));
    if (!map) return;
    map.seen += 1;
    map.nodes.add(step.node);
  }
}
