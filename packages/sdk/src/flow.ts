/** `Flow`: the base class of decisions. A body is ordinary TypeScript on the main thread; each `call` is a recorded step. */
import type { Duration, Ref, StepOptions } from "@millrace/core";
import { flowBinding } from "./context/binding.js";
import type { FlowInfo, MapOptions, Outcome, WaitOptions } from "./context/flow-binding.js";
import type { Logger } from "./context/logger.js";
import type { Shared } from "./context/shared.js";
import { useResource } from "./context/task-binding.js";
import type { Resource, ResourceClass } from "./resource.js";
import { splitStamp } from "./stamps.js";
import type { ClassOf, ParamsOf, params, ResultOf } from "./types/params.js";

/** What `call` takes for a parameter of type V: a V, a Ref of one, or a list some of whose items are Refs. */
export type OrRef<V> = V | Ref<V> | (V extends readonly unknown[] ? { [I in keyof V]: V[I] | Ref<V[I]> } : never);

/** Parameters as `call` takes them. The second part keeps what compilers say of a missing one as it is for `ParamsOf`. */
export type ParamsOrRefs<T> = { [K in keyof ParamsOf<T>]: OrRef<ParamsOf<T>[K]> } & { readonly [params]?: never };

/** Arguments of `call`: parameters may be left out when all are optional. */
export type CallArguments<T> =
  Record<never, never> extends ParamsOf<T>
    ? [params?: ParamsOrRefs<T>, options?: StepOptions]
    : [params: ParamsOrRefs<T>, options?: StepOptions];

/** Anything that can be called: an instance type with `run`. */
export interface Callable {
  run(): unknown;
}

/** A flow with typed parameters (fields with `@param()`) and a result. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see the interface below
export abstract class Flow<R = unknown> {
  /** Aborted when the run is cancelled or interrupted. */
  protected get signal(): AbortSignal {
    return flowBinding(this).signal;
  }

  /** Lines for the run's log; silent while a resume catches up. */
  protected get log(): Logger {
    return flowBinding(this).log;
  }

  /** Facts about the run. */
  protected get info(): FlowInfo {
    return flowBinding(this).info;
  }

  /** What the steps of this run share. Each use is recorded, and gives the same on every resume. */
  protected get shared(): Shared {
    return flowBinding(this).shared;
  }

  /** Runs a task or another flow as a step of this run. Rejects with the step's error. */
  call<T extends Callable>(target: ClassOf<T>, ...args: CallArguments<T>): Promise<ResultOf<T>>;
  call(target: unknown, ...args: unknown[]): Promise<unknown> {
    const { site, rest } = splitStamp(args);
    const [parameters = {}, options = {}] = rest as [object?, StepOptions?];
    return flowBinding(this).call({ target, params: parameters, options, site });
  }

  /**
   * As `call`, but gives a Ref of the result: what `call`, `ref`, … take in its place. The result goes from thread to thread and to the
   * store undecoded; `ref.value()` reads it on the main thread. Rejects with the step's error.
   */
  ref<T extends Callable>(target: ClassOf<T>, ...args: CallArguments<T>): Promise<Ref<ResultOf<T>>>;
  ref(target: unknown, ...args: unknown[]): Promise<unknown> {
    const { site, rest } = splitStamp(args);
    const [parameters = {}, options = {}] = rest as [object?, StepOptions?];
    return flowBinding(this).ref({ target, params: parameters, options, site });
  }

  /** As `call`, but the step's failure is a value: only a call that cannot be made rejects (parameters, options). */
  attempt<T extends Callable>(target: ClassOf<T>, ...args: CallArguments<T>): Promise<Outcome<ResultOf<T>>>;
  attempt(target: unknown, ...args: unknown[]): Promise<unknown> {
    const { site, rest } = splitStamp(args);
    const [parameters = {}, options = {}] = rest as [object?, StepOptions?];
    return flowBinding(this).attempt({ target, params: parameters, options, site });
  }

  /**
   * Runs a task beside the body for as long as the body goes on: what is left of it then is aborted, and its end is waited for. Nobody
   * has to await the promise; who does learns of an end that comes before. Where the body depends on it, that is: a failure that nobody
   * awaits is on record and in the log, and fails nothing else. It has its thread to itself all the while, unless it is `io`.
   */
  background<T extends Callable>(target: ClassOf<T>, ...args: CallArguments<T>): Promise<ResultOf<T>>;
  background(target: unknown, ...args: unknown[]): Promise<unknown> {
    const { site, rest } = splitStamp(args);
    const [parameters = {}, options = {}] = rest as [object?, StepOptions?];
    return flowBinding(this).background({ target, params: parameters, options, site });
  }

  /** Runs `fn` for every item, in parallel unless `concurrency` says less. The first failure aborts the rest, then rejects, unless `onError` says else. */
  map<T, U>(
    items: Iterable<T>,
    fn: (item: T, index: number) => U | Promise<U>,
    options: MapOptions<T> & { readonly onError: "collect" },
  ): Promise<Outcome<Awaited<U>>[]>;
  map<T, U>(
    items: Iterable<T>,
    fn: (item: T, index: number) => U | Promise<U>,
    options?: MapOptions<T> & { readonly onError?: "fail-fast" },
  ): Promise<Awaited<U>[]>;
  map(items: Iterable<unknown>, ...args: unknown[]): Promise<unknown[]> {
    const { site, itemKey, rest } = splitStamp(args);
    const [fn, options = {}] = rest as [(item: unknown, index: number) => unknown, MapOptions<unknown>?];
    return flowBinding(this).map({ items, fn, options, site, itemKey });
  }

  /**
   * As `Promise.all`, but nothing is left running: the first failure aborts what the others have begun, waits until they have
   * ended, then rejects. A promise of `then` cannot be traced to its steps: it is waited for, not aborted.
   */
  all<T extends readonly unknown[] | []>(entrants: T): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }>;
  all<T>(entrants: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>[]>;
  all(entrants: Iterable<unknown>): Promise<unknown[]> {
    return flowBinding(this).all([...entrants]);
  }

  /** As `Promise.race`, but nothing is left running: the others are aborted, and have ended, before it settles. */
  race<T extends readonly unknown[] | []>(entrants: T): Promise<Awaited<T[number]>>;
  race<T>(entrants: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>>;
  race(entrants: Iterable<unknown>): Promise<unknown> {
    return flowBinding(this).race([...entrants]);
  }

  /** Runs `fn` on the main thread and records its result: the place for a `fetch` or a file read in a flow. */
  step<T>(name: string, fn: () => T | Promise<T>): Promise<Awaited<T>>;
  step(name: string, ...args: unknown[]): Promise<unknown> {
    const { site, rest } = splitStamp(args);
    const [fn] = rest as [() => unknown];
    return flowBinding(this).step({ name, fn, site });
  }

  /**
   * Goes on after a time: milliseconds, or `"30s"`, `"2h"`, `"7d"`. Its end is on record from the start, so that a run whose
   * process was gone meanwhile does not sleep longer.
   */
  sleep(duration: Duration): Promise<void>;
  sleep(...args: unknown[]): Promise<unknown> {
    const { site, rest } = splitStamp(args);
    const [duration] = rest as [Duration];
    return flowBinding(this).sleep({ duration, site });
  }

  /**
   * Waits for a message of that name: `run.send(name, data)`, `flow send`. Each message goes to one wait, in order; those
   * that come early are kept. What is sent is checked against `T` before it is taken. Rejects with `wait-timeout` after `options.timeout`.
   */
  waitFor<T = unknown>(name: string, options?: WaitOptions): Promise<T>;
  waitFor(name: string, ...args: unknown[]): Promise<unknown> {
    const { site, rest } = splitStamp(args);
    const [options = {}] = rest as [WaitOptions?];
    return flowBinding(this).waitFor({ name, options, site });
  }

  /** Time of the latest delivery to this body, ms since 1970: the same on every resume. */
  now(): number {
    return flowBinding(this).now();
  }

  /** A number from 0 to 1 (exclusive) that is the same on every resume. */
  random(): number {
    return flowBinding(this).random();
  }

  /**
   * The engine's one instance of a resource on the main thread, opened at its first use: in the function of a `step` alone.
   * @throws MillraceError `resource-failed` if it cannot be opened, `flow-misuse` outside of such a function.
   */
  use<T extends Resource>(target: ResourceClass<T>): Promise<T> {
    return useResource(flowBinding(this), target);
  }

  /**
   * Hands a value to whoever reads `run.stream` of this flow just now. Nothing of it is recorded, nothing waits for a reader, and what was handed
   * out before is not again when the run is resumed.
   * @throws MillraceError `value-not-sendable` with the path of what cannot be sent, or if it takes more than 1 MiB.
   */
  emit(chunk: unknown): void {
    flowBinding(this).emit(chunk);
  }

  /** A version 4 UUID that is the same on every resume. */
  uuid(): string {
    return flowBinding(this).uuid();
  }

  /** The decisions. */
  abstract run(): R | Promise<R>;
}

/** The slot that generated declarations fill; never set. A method, so that subclasses stay assignable. */
// biome-ignore lint/correctness/noUnusedVariables: merged declarations repeat the type parameters
export interface Flow<R = unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: `any` marks a class that no build has seen (types/params.ts)
  [params]?(p: any, seen: any): void;
}
