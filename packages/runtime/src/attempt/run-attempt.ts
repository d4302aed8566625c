/**
 * Runs one attempt of a task: loads the class, makes the instance, calls `run` and the hooks. Used where attempts run:
 * by the inline executor and inside worker threads. It cannot kill: code that ignores its signal is the lane's to end.
 *
 *   success      onCreate, [onRestart], run, onSuccess, onDestroy
 *   failure      … onFailure, onDestroy
 *   timeout      signal, onAbort, (run settles, or half of the grace is over), onFailure, onDestroy
 *   other abort  signal, onAbort, (likewise), onDestroy
 */
import type {
  AbortReason,
  Clock,
  Emission,
  JobOutcome,
  LogLevel,
  MillraceError,
  SharedAnswer,
  SharedAsk,
} from "@millrace/core";
import { withoutRevealed } from "@millrace/core/thread";
import { bindTask, giveParams, refineParams } from "@millrace/sdk/internal";
import { AttemptOutput } from "./attempt-output.js";
import { type AttemptScope, runInAttempt } from "./attempt-scope.js";
import { AttemptShared } from "./attempt-shared.js";
import { checkEmitted } from "./check-emitted.js";
import { encodeChunk, encodeResult } from "./encode-output.js";
import { jobParams } from "./job-params.js";
import type { AttemptJob, LoadedTask, TaskInstance, TaskLoader } from "./load-task.js";
import type { OpenResources } from "./open-resources.js";
import { abortError, asError, failedOutcome, stoppedOutcome } from "./outcome.js";
import { AttemptBinding, type BindingSource } from "./task-binding.js";

/** Who runs attempts and hears from them. */
export interface AttemptHost {
  /** For the share of the grace that `run` gets before the last hooks are called. */
  readonly clock: Clock;
  readonly load: TaskLoader;
  /** The resources of the thread. */
  readonly resources: OpenResources;
  /** A line of the attempt, at most a little over MAX_LOG_TEXT long; may come after its end. */
  log(level: LogLevel, text: string): void;
  /** An encoded chunk of its stream, while the attempt runs. */
  chunk(value: Uint8Array): void;
  /** Progress, while the attempt runs. */
  progress(fraction: number | undefined, message: string | undefined): void;
  /** A question about shared state, for `Attempt.answer`. */
  ask(request: number, ask: SharedAsk): void;
}

/** How an attempt ended where it ran. */
export interface AttemptEnd {
  readonly outcome: JobOutcome;
  /** True if code of the attempt is still going: the thread should not be used again. */
  readonly leftRunning: boolean;
}

/** A running attempt. */
export interface Attempt {
  /** Fulfils when `run` and all hooks are done; never rejects. */
  readonly ended: Promise<AttemptEnd>;
  /** What code around the attempt may do to it. */
  readonly scope: AttemptScope;
  /** Fires the signal, then the hooks. Only the first call counts. */
  abort(reason: AbortReason): void;
  /** What the engine says to a question. */
  answer(request: number, answer: SharedAnswer): void;
  /** Nobody waits for it any more, though its code still runs: it asks for nothing from here on. */
  abandon(): void;
}

/** Starts an attempt. User code may run before this returns. */
export function startAttempt(job: AttemptJob, host: AttemptHost): Attempt {
  const attempt = new RunningAttempt(job, host);
  attempt.start();
  return attempt;
}

/** The outcome of an attempt whose code has succeeded. */
type Success = Extract<JobOutcome, { readonly type: "succeeded" }>;

/** Thrown at the checkpoints of an attempt that is being stopped; never leaves this file. */
const STOPPED = Symbol("stopped");

class RunningAttempt implements Attempt, AttemptScope, BindingSource {
  readonly job: AttemptJob;
  readonly ended: Promise<AttemptEnd>;
  readonly #host: AttemptHost;
  readonly #output: AttemptOutput;
  #resolveEnded: (end: AttemptEnd) => void = () => {};
  #instance: TaskInstance | undefined;
  #controller: AbortController | undefined;
  #shared: AttemptShared | undefined;
  #abandoned = false;
  /** `working` up to the end of onSuccess; `stopping` once something interrupts that; `closing` in the last hooks. */
  #phase: "working" | "stopping" | "closing" | "ended" = "working";
  #failure: unknown;
  #workEnded = false;
  #onWorkEnded: (() => void) | undefined;

  constructor(job: AttemptJob, host: AttemptHost) {
    this.job = job;
    this.#host = host;
    this.#output = new AttemptOutput((level, text) => host.log(level, text));
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get scope(): AttemptScope {
    return this;
  }

  get step(): string {
    return this.job.key;
  }

  get task(): string {
    return this.job.task;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  get shared(): AttemptShared {
    if (!this.#shared) {
      this.#shared = new AttemptShared(this.job, (request, ask) => this.#host.ask(request, ask));
      // Code that was left behind asks for it for the first time.
      if (this.#phase === "ended" || this.#abandoned) this.#shared.end();
      else if (this.#phase !== "working") this.#shared.drop();
    }
    return this.#shared;
  }

  get failure(): unknown {
    return this.#failure;
  }

  start(): void {
    runInAttempt(this, () => void this.#live());
  }

  abort(reason: AbortReason): void {
    const error = abortError(this.job, reason);
    const first = this.#phase === "working";
    if (first) this.#phase = "stopping";
    if (first) this.#shared?.drop(error);
    runInAttempt(this, () => {
      // The last hooks of an attempt whose outcome is decided may listen to the signal too.
      this.#abortSignal(error);
      if (first) void this.#stop(reason, error);
    });
  }

  /** The attempt up to its end, unless something interrupts it. */
  async #live(): Promise<void> {
    let work: Success | { readonly thrown: unknown };
    try {
      work = await this.#work();
    } catch (thrown) {
      work = { thrown };
    }
    this.#workEnded = true;
    this.#onWorkEnded?.();
    if (this.#phase !== "working") return;
    this.#phase = "closing";
    if ("thrown" in work) {
      this.#shared?.drop();
      await this.#hook("onFailure", asError(work.thrown));
    }
    if (this.#instance?.onDestroy) await this.#hook("onDestroy");
    this.#settle("thrown" in work ? failedOutcome(work.thrown) : work);
  }

  /** Everything that can make the attempt succeed. @throws whatever the user's code throws, or STOPPED. */
  async #work(): Promise<Success> {
    const { job } = this;
    const found = this.#host.load(job);
    const task = found instanceof Promise ? await found : found;
    this.#checkpoint();
    const given = jobParams(job);
    const refined = refineParams(task.create, given);
    const instance = this.#create(task, refined instanceof Promise ? await refined : refined);
    if (instance.onCreate) await instance.onCreate();
    this.#checkpoint();
    if (job.restarted && instance.onRestart) await instance.onRestart();
    this.#checkpoint();
    const result = await instance.run();
    this.#checkpoint();
    if (job.emits) checkEmitted(result as readonly Emission[], job.emits, job.task); // `run` of a rule gives emissions
    const value = encodeResult(result, job);
    if (instance.onSuccess) await instance.onSuccess();
    this.#checkpoint();
    if (!this.#shared) return { type: "succeeded", value };
    const shared = await this.#shared.handOver();
    this.#checkpoint();
    return { type: "succeeded", value, ...(shared.length > 0 ? { shared } : {}) };
  }

  #create(task: LoadedTask, params: object): TaskInstance {
    this.#checkpoint();
    const instance = new task.create();
    this.#instance = instance;
    bindTask(instance, new AttemptBinding(this));
    giveParams(instance, params);
    return instance;
  }

  #checkpoint(): void {
    if (this.#phase !== "working") throw STOPPED;
  }

  /** After an abort: hooks within the grace, then the end of `run`, however long it takes. */
  async #stop(reason: AbortReason, error: MillraceError): Promise<void> {
    await this.#hook("onAbort", error);
    // onDestroy should not pull the ground from under a `run` that is about to stop, and must have its chance before
    // the lane kills the thread.
    await this.#workEndedWithin(this.job.graceMs / 2);
    if (reason.kind === "timeout") await this.#hook("onFailure", error);
    await this.#hook("onDestroy");
    await this.#workEndedWithin(undefined);
    this.#settle(stoppedOutcome(reason, error));
  }

  fail(thrown: unknown): boolean {
    if (this.#phase !== "working") return false;
    this.#phase = "stopping";
    this.#failure = thrown;
    this.#shared?.drop(asError(thrown));
    runInAttempt(this, () => {
      this.#abortSignal(asError(thrown));
      void this.#giveUp(thrown);
    });
    return true;
  }

  /** After a failure from outside `run`, which may wait for something that never comes now: nobody waits for it. */
  async #giveUp(thrown: unknown): Promise<void> {
    await this.#hook("onFailure", asError(thrown));
    await this.#hook("onDestroy");
    await new Promise((resolve) => setImmediate(resolve));
    this.#settle(failedOutcome(thrown));
  }

  /** Calls a hook that cannot change the outcome. */
  async #hook(name: "onFailure" | "onAbort" | "onDestroy", argument?: Error): Promise<void> {
    const instance = this.#instance;
    if (!instance?.[name]) return;
    try {
      // A function's hook gets its own arguments behind those given here.
      await (argument === undefined ? instance[name]() : instance[name](argument));
    } catch (thrown) {
      const error = asError(thrown);
      this.log("error", `${name} of ${this.job.task} threw, which changes nothing: ${error.stack ?? error.message}`);
    }
  }

  /** Waits for the end of the work; at most so many ms if given. */
  #workEndedWithin(ms: number | undefined): Promise<void> | undefined {
    if (this.#workEnded) return undefined;
    return new Promise((resolve) => {
      const cancel = ms === undefined ? undefined : this.#host.clock.after(ms, resolve, { unref: true });
      this.#onWorkEnded = () => {
        cancel?.();
        resolve();
      };
    });
  }

  #abortSignal(error: Error): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(error);
  }

  log(level: LogLevel, text: string): void {
    this.#output.log(level, text);
  }

  write(level: LogLevel, text: string): void {
    this.#output.write(level, text);
  }

  answer(request: number, answer: SharedAnswer): void {
    this.#shared?.answer(request, answer);
  }

  abandon(): void {
    this.#abandoned = true;
    this.#shared?.end();
  }

  emit(chunk: unknown): void {
    const value = encodeChunk(chunk, this.job);
    if (this.#phase !== "ended") this.#host.chunk(value);
  }

  use(target: unknown): Promise<object> {
    return this.#host.resources.use(target);
  }

  progress(fraction: number | undefined, message: string | undefined): void {
    if (this.#phase === "ended") return;
    this.#host.progress(fraction, message === undefined ? undefined : withoutRevealed(message));
  }

  #settle(outcome: JobOutcome): void {
    this.#phase = "ended";
    this.#shared?.end();
    this.#output.flush();
    this.#resolveEnded({ outcome, leftRunning: !this.#workEnded });
  }
}
