/** A task whose attempts do what the test says: they finish, fail, hang or log when told to. */
import { isDeepStrictEqual } from "node:util";
import { type LogLevel, MillraceError } from "@millrace/core";
import { jobParams, nameOf } from "@millrace/runtime/internal";
import type { ClassOf, ParamsOf, ResultOf, StepInfo, Task, TaskShared } from "@millrace/sdk";
import { taskBinding } from "@millrace/sdk/internal";
import { type OpenStandIn, paramsText, type StandIn, taskRunning } from "./stand-in.js";

/** An attempt that waits for the test. Aborted, it fails at once unless it was told to hang. */
export interface ControlledAttempt<T extends Task> {
  /** What the task was called with. */
  readonly params: ParamsOf<T>;
  readonly info: StepInfo;
  /** Aborted on cancel, timeout and interrupt. */
  readonly signal: AbortSignal;
  /** The shared state of its run, as the attempt sees it: what the test writes here is for others once it has finished. */
  readonly shared: TaskShared;
  /** Ends it with a result. */
  finish(value: ResultOf<T>): void;
  /** Ends it with an error. */
  fail(error: unknown): void;
  /** Lets it ignore its signal: it ends only with `finish`, `fail`, or the engine. */
  hang(): void;
  /** Adds a line to the step's log. */
  log(level: LogLevel, text: string): void;
  /** Tells how far it is; `fraction` from 0 to 1. */
  progress(fraction: number, message?: string): void;
}

/** A task under the test's control. */
export interface ControlledTask<T extends Task> extends StandIn {
  /**
   * The next attempt that starts, or has started and was not taken yet, in order; with `match`, of those whose
   * parameters equal it in all members given. Rejects with `stand-in-failed` once no engine that it was given to is open.
   */
  next(match?: Partial<ParamsOf<T>>): Promise<ControlledAttempt<T>>;
  /** Attempts that have started and were not taken yet. */
  readonly pending: number;
}

/** Puts a task under the test's control. */
export function controlled<T extends Task>(target: ClassOf<T>): ControlledTask<T> {
  return new Controlled<T>(target);
}

interface Taker<T extends Task> {
  readonly match: object;
  resolve(attempt: ControlledAttempt<T>): void;
  reject(error: Error): void;
}

class Controlled<T extends Task> implements ControlledTask<T> {
  readonly target: ClassOf<T>;
  readonly #engines = new Set<OpenStandIn>();
  #started: Attempt<T>[] = [];
  #takers: Taker<T>[] = [];
  #used = false;

  constructor(target: ClassOf<T>) {
    this.target = target;
  }

  get pending(): number {
    return this.#started.length;
  }

  next(match: object = {}): Promise<ControlledAttempt<T>> {
    const index = this.#started.findIndex((attempt) => matches(attempt.params, match));
    const [found] = index < 0 ? [] : this.#started.splice(index, 1);
    if (found) return Promise.resolve(found);
    // A test may ask before it opens the first engine.
    if (this.#used && this.#engines.size === 0) return Promise.reject(this.#closed(match));
    return new Promise((resolve, reject) => this.#takers.push({ match, resolve, reject }));
  }

  open(): OpenStandIn {
    const running = new Set<Attempt<T>>();
    let released = false;
    const engine: OpenStandIn = {
      load: (job) =>
        taskRunning(async (instance) => {
          const attempt = new Attempt<T>(jobParams(job) as ParamsOf<T>, taskBinding(instance));
          running.add(attempt);
          // The engine hears of the claim in this turn: whoever takes the attempt finds its event told and its timer set.
          await new Promise((resolve) => setImmediate(resolve));
          if (!released && !attempt.signal.aborted) this.#offer(attempt);
          return attempt.ended.finally(() => {
            running.delete(attempt);
            this.#started = this.#started.filter((other) => other !== attempt);
          });
        }),
      release: () => {
        released = true;
        for (const attempt of running) attempt.letGo();
        this.#engines.delete(engine);
        if (this.#engines.size > 0) return;
        for (const taker of this.#takers.splice(0)) taker.reject(this.#closed(taker.match));
      },
    };
    this.#engines.add(engine);
    this.#used = true;
    return engine;
  }

  #offer(attempt: Attempt<T>): void {
    const index = this.#takers.findIndex((taker) => matches(attempt.params, taker.match));
    const [taker] = index < 0 ? [] : this.#takers.splice(index, 1);
    if (taker) taker.resolve(attempt);
    else this.#started.push(attempt);
  }

  #closed(match: object): MillraceError {
    const which = Object.keys(match).length === 0 ? "" : ` with ${paramsText(match)}`;
    return new MillraceError(
      "stand-in-failed",
      `The engine was closed; no attempt of ${nameOf(this.target)}${which} starts.`,
      {
        hint: "Await the attempts that the test expects before it closes the engine, and look at what the flow did with engine.events.",
        data: { task: nameOf(this.target) },
      },
    );
  }
}

class Attempt<T extends Task> implements ControlledAttempt<T> {
  readonly params: ParamsOf<T>;
  readonly ended: Promise<ResultOf<T>>;
  readonly #binding: ReturnType<typeof taskBinding>;
  readonly finish: (value: ResultOf<T>) => void;
  readonly fail: (error: unknown) => void;
  #hangs = false;

  constructor(params: ParamsOf<T>, binding: ReturnType<typeof taskBinding>) {
    this.params = params;
    this.#binding = binding;
    let finish: (value: ResultOf<T>) => void = () => {};
    let fail: (error: unknown) => void = () => {};
    this.ended = new Promise((resolve, reject) => {
      finish = resolve;
      fail = reject;
    });
    this.finish = finish;
    this.fail = fail;
    // It may be aborted before anybody waits for it.
    this.ended.catch(() => {});
    binding.signal.addEventListener("abort", () => this.#obey());
    this.#obey();
  }

  get info(): StepInfo {
    return this.#binding.info;
  }

  get signal(): AbortSignal {
    return this.#binding.signal;
  }

  get shared(): TaskShared {
    return this.#binding.shared;
  }

  hang(): void {
    this.#hangs = true;
  }

  /** Ends with its signal from now on. */
  letGo(): void {
    this.#hangs = false;
    this.#obey();
  }

  log(level: LogLevel, text: string): void {
    this.#binding.log[level]("%s", text);
  }

  progress(fraction: number, message?: string): void {
    this.#binding.progress(fraction, message);
  }

  #obey(): void {
    if (this.signal.aborted && !this.#hangs) this.fail(this.signal.reason);
  }
}

function matches(params: object, match: object): boolean {
  return Object.entries(match).every(([name, value]) => isDeepStrictEqual(Reflect.get(params, name), value));
}
