/**
 * One task's step from admission to settlement: attempts, timeouts, pauses, aborts. State changes go through the one
 * transition table; a settlement or failed attempt takes effect after its commit.
 */
import {
  type AbortCause,
  bytesInMemory,
  decodeError,
  durationMs,
  encodeError,
  errorSummary,
  type Fact,
  formatDuration,
  type LaneEvent,
  MillraceError,
  type SettledState,
  type StepState,
  transition,
} from "@millrace/core";
import { latch } from "../runs/latch.js";
import type { ThreadUse } from "../runs/thread-use.js";
import type { RunShared } from "../shared/run-shared.js";
import { StepShared } from "../shared/step-shared.js";
import { limitsOf } from "./admission/limits.js";
import { crashLoop, runsAlone } from "./crash-loop.js";
import type { Dispatcher } from "./dispatcher.js";
import type { JobListener } from "./job-listener.js";
import type { ResultCache } from "./result-cache.js";
import { attemptsOf, type FailedOutcome, pauseBeforeRetry } from "./retry-policy.js";
import { type StepEnd, stepFact } from "./step-fact.js";
import { overdueError, StepTime, spentText } from "./step-time.js";
import { cacheTtl, jobOf, type TaskStepSpec } from "./task-step-spec.js";
import { type RunHost, refOf, type Unit, type UnitSettled } from "./unit.js";

/** What steps of a run have in common: of the engine, and of the run. */
export interface StepServices {
  readonly dispatcher: Dispatcher;
  readonly cache: ResultCache;
  readonly sharedState: RunShared;
  /** Counts how steps use their threads. */
  readonly threadUse: ThreadUse;
  /** Nothing that needs a thread can begin: the run stops here, without an outcome of the step. */
  halt(error: MillraceError): void;
}

/** A running step. */
export class TaskStep implements Unit, JobListener {
  readonly #spec: TaskStepSpec;
  readonly #host: RunHost;
  readonly #services: StepServices;
  /** Made when an attempt asks for the first time: most never do. */
  #shared: StepShared | undefined;
  readonly #onSettled: (fact: UnitSettled) => void;
  readonly #gone = latch();
  readonly #time: StepTime;
  #state: StepState = "pending";
  #attempt: number;
  #job = 0;
  #readyAt = 0;
  #startedAt: number | undefined;
  #attemptStartedAt: number | undefined;
  #cancelTimer: (() => void) | undefined;
  #endDeadline: (() => void) | undefined;
  /** Ends its search in the cache, or its duty to equal steps that wait for it. */
  #leaveCache: (() => void) | undefined;
  /** Its time in all is up. */
  #overdue: MillraceError | undefined;
  #abort: { readonly cause: AbortCause; readonly message: string } | undefined;
  #committing = false;

  constructor(spec: TaskStepSpec, host: RunHost, services: StepServices, onSettled: (fact: UnitSettled) => void) {
    this.#spec = spec;
    this.#host = host;
    this.#services = services;
    this.#onSettled = onSettled;
    this.#attempt = spec.failedBefore?.attempt ?? 0;
    this.#time = new StepTime(spec.failedBefore?.spentMs ?? 0);
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  start(): void {
    this.#readyAt = this.#host.clock.now();
    if (this.#abort) return this.#settleAborted();
    this.#move({ type: "admit" });
    this.#watchDeadline();
    const ttlMs = cacheTtl(this.#spec.options);
    if (ttlMs === undefined) return this.#dispatch();
    this.#leaveCache = this.#services.cache.seek({
      identity: this.#spec.place.identity,
      ttlMs,
      found: (value) => {
        // Whoever stopped it meanwhile has settled it.
        if (this.#abort || this.#overdue) return;
        if (value) this.#settleCached(value);
        else this.#dispatch();
      },
    });
  }

  abort(cause: AbortCause, message: string): void {
    if (this.#abort || this.#gone.open) return;
    this.#abort = { cause, message };
    // Its outcome may never be recorded: equal steps of other runs must not wait for it.
    if (cause === "process") this.#leaveCache?.();
    if (this.#state === "pending" || this.#committing) return;
    if (this.#state === "backing-off") {
      this.#cancelTimer?.();
      return this.#settleAborted();
    }
    const left = this.#services.dispatcher.abort(this.#job, { kind: cause, message });
    if (!left) this.#settleAborted();
  }

  standing(): string {
    const now = this.#host.clock.now();
    const tries = this.#attempt > 1 ? `attempt ${this.#attempt}: ` : "";
    return `${this.#spec.place.node} (${this.#state === "pending" ? "not begun" : tries + spentText(this.#time.spent(now))})`;
  }

  claimed(at: number): void {
    this.#startedAt ??= at;
    this.#attemptStartedAt = at;
    this.#move({ type: "claim" });
    this.#host.emit({ type: "step-running", step: refOf(this.#spec.place), attempt: this.#attempt });
    const { timeout } = this.#spec.options;
    if (timeout === undefined) return;
    const job = this.#job;
    const timeoutMs = durationMs(timeout, "timeout");
    const message = `${this.#spec.place.node} ran longer than its timeout of ${formatDuration(timeoutMs)}.`;
    this.#cancelTimer = this.#host.clock.after(timeoutMs, () => {
      this.#services.dispatcher.abort(job, { kind: "timeout", message });
    });
  }

  progress(fraction: number | undefined, message: string | undefined): void {
    this.#host.emit({
      type: "progress",
      step: refOf(this.#spec.place),
      ...(fraction === undefined ? {} : { fraction }),
      ...(message === undefined ? {} : { message }),
    });
  }

  chunk(value: Uint8Array): void {
    this.#host.stream(refOf(this.#spec.place), this.#attempt, value);
  }

  log(line: Extract<LaneEvent, { readonly type: "log" }>): void {
    this.#host.emit({ type: "log", step: refOf(this.#spec.place), level: line.level, text: line.text });
  }

  shared({ id, request, ask }: Extract<LaneEvent, { readonly type: "shared" }>): void {
    this.#shared ??= new StepShared(this.#services.sharedState, this.#spec.place, this.#host);
    this.#shared.ask(ask, (answer) => this.#services.dispatcher.answer(id, request, answer));
  }

  returned(reason: "revoked" | "thread-lost"): void {
    this.#cancelTimer?.();
    this.#shared?.ended();
    if (this.#state === "running") {
      this.#move({ type: "redispatch" });
      this.#host.emit({ type: "step-redispatched", step: refOf(this.#spec.place), reason });
    }
    // A stop that met the job on its way back: it is in no lane now.
    if (this.#overdue) return this.#stopOverdue(this.#overdue);
    if (
      this.#abort &&
      !this.#services.dispatcher.abort(this.#job, { kind: this.#abort.cause, message: this.#abort.message })
    ) {
      this.#settleAborted();
    }
  }

  refused(error: Error): void {
    this.#settle("failed", { error: encodeError(error), endedAt: this.#host.clock.now() });
  }

  stranded(error: MillraceError): void {
    this.#services.halt(error);
  }

  settled(event: Extract<LaneEvent, { readonly type: "settled" }>): void {
    this.#cancelTimer?.();
    const { outcome, startedAt, endedAt } = event;
    this.#startedAt ??= startedAt;
    this.#attemptStartedAt = startedAt;
    this.#services.threadUse.add(this.#spec.work.task, this.#spec.options, event);
    if (outcome.type === "succeeded") {
      const { value, hash, shared: writes } = outcome;
      return this.#settle("succeeded", { value: bytesInMemory(value, hash), endedAt, ...(writes ? { writes } : {}) });
    }
    this.#shared?.ended();
    if (this.#overdue) return this.#settleOverdue(this.#overdue, decodeError(outcome.error));
    if (outcome.type === "aborted") return this.#settleAborted(outcome.error);
    // After an interrupt the attempts that are left are made when the run goes on.
    const ends = this.#abort !== undefined && this.#abort.cause !== "process";
    const pause = ends ? undefined : pauseBeforeRetry(this.#spec.options.retry, this.#attempt, outcome, Math.random());
    if (pause === undefined) return this.#settle("failed", { error: outcome.error, endedAt });
    this.#backOff(outcome, startedAt, endedAt, pause);
  }

  #dispatch(): void {
    const { place, work, options, suspicions, beside, ahead } = this.#spec;
    const loop = crashLoop(place, suspicions);
    if (loop) return this.refused(loop);
    this.#attempt++;
    this.#host.emit({ type: "step-ready", step: refOf(place) });
    const job = jobOf(this.#spec, this.#host.id, this.#attempt);
    this.#job = job.id;
    const limits = limitsOf(work.task, options, {
      suspect: runsAlone(suspicions),
      beside,
      command: work.command?.kind,
    });
    this.#services.dispatcher.dispatch(job, this, limits, ahead);
  }

  /** Counts the time of the whole step: what earlier lives have spent counts, time without an owner does not. */
  #watchDeadline(): void {
    const { totalTimeout } = this.#spec.options;
    if (totalTimeout === undefined) return;
    const limitMs = durationMs(totalTimeout, "totalTimeout");
    const { clock } = this.#host;
    this.#endDeadline = clock.after(Math.max(0, limitMs - this.#time.total(clock.now())), () => {
      if (this.#abort) return;
      this.#overdue = overdueError(this.#spec, limitMs, this.#attempt, this.#time.spent(clock.now()));
      if (!this.#committing) this.#stopOverdue(this.#overdue);
    });
  }

  /** Stops what there is to stop; a thread that runs it has its grace. */
  #stopOverdue(error: MillraceError): void {
    this.#cancelTimer?.();
    const left = this.#services.dispatcher.abort(this.#job, { kind: "timeout", message: error.message });
    if (!left) this.#settleOverdue(error);
  }

  #settleOverdue(error: MillraceError, cause?: Error): void {
    if (cause) error.cause = cause;
    this.#move({ type: "expire" });
    this.#settle("failed", { error: encodeError(error), endedAt: this.#host.clock.now() });
  }

  /** Commits the failed attempt first, then waits, then goes again. */
  #backOff(outcome: FailedOutcome, startedAt: number, endedAt: number, pause: number): void {
    const { place } = this.#spec;
    this.#committing = true;
    const fact = {
      kind: "attempt-failed" as const,
      ...place,
      attempt: this.#attempt,
      spentMs: this.#time.total(endedAt),
      error: bytesInMemory(outcome.error),
      startedAt,
      endedAt,
    };
    this.#host.append(fact, () => {
      this.#committing = false;
      this.#move({ type: "back-off" });
      this.#host.emit({
        type: "attempt-failed",
        step: refOf(place),
        attempt: this.#attempt,
        attempts: attemptsOf(this.#spec.options.retry),
        retryAt: this.#host.clock.now() + pause,
        error: errorSummary(decodeError(outcome.error)),
      });
      if (this.#abort) return this.#settleAborted();
      if (this.#overdue) return this.#settleOverdue(this.#overdue);
      this.#cancelTimer = this.#host.clock.after(pause, () => {
        this.#move({ type: "retry" });
        this.#dispatch();
      });
    });
  }

  #settleAborted(error?: Uint8Array): void {
    const cause = this.#abort?.cause ?? "process";
    // An interrupt leaves no settlement: the step runs again when the run goes on.
    if (cause === "process") {
      this.#endDeadline?.();
      return this.#gone.resolve();
    }
    const message = `${this.#spec.place.node} was aborted: ${this.#abort?.message ?? "its run stopped"}`;
    const bytes =
      error ?? encodeError(new MillraceError("step-aborted", message, { data: { step: this.#spec.place.key } }));
    this.#settle("aborted", { error: bytes, endedAt: this.#host.clock.now(), cause });
  }

  #settleCached(value: Uint8Array): void {
    this.#move({ type: "hit-cache" });
    this.#settle("succeeded", { value: bytesInMemory(value), endedAt: this.#host.clock.now(), source: "cached" });
  }

  #settle(state: SettledState, end: StepEnd): void {
    this.#committing = true;
    this.#endDeadline?.();
    const { writes = [] } = end;
    const settled = (committed: Fact): void => {
      this.#shared?.settled(writes);
      // append hands back the very fact it was given, with its place in the order.
      this.#onSettled(committed as UnitSettled);
      this.#leaveCache?.();
      this.#gone.resolve();
    };
    const life = {
      attempts: this.#attempt,
      readyAt: this.#readyAt,
      startedAt: this.#startedAt,
      attemptStartedAt: this.#attemptStartedAt,
    };
    this.#host.append(stepFact(this.#spec, state, end, life), settled, this.#shared?.facts(writes));
  }

  #move(event: Parameters<typeof transition>[1]): void {
    this.#state = transition(this.#state, event);
    this.#time.enter(this.#state, this.#host.clock.now());
  }
}
