/** The runtime's side of a flow instance: what a running body ties it to. Implemented by the flow driver on the main thread. */

import type { Duration, RunId, Site, StepOptions } from "@millrace/core";
import type { ResourceClass } from "../resource.js";
import type { Logger } from "./logger.js";
import type { Shared } from "./shared.js";

/** Facts about the flow body. */
export interface FlowInfo {
  readonly run: RunId;
  /** Flow id. */
  readonly flow: string;
}

/** How the items of `map` are run. */
export interface MapOptions<T> {
  /** At most so many callbacks at once. Default: all. */
  readonly concurrency?: number;
  /** Name of an item, unique in the list; default: its own `id` or `key` if its type declares one, else the index. */
  readonly key?: (item: T, index: number) => string | number;
  /**
   * `fail-fast`: the first failure aborts the rest, then rejects. `collect`: every item runs to its end, and the list says
   * how each ended. Default `fail-fast`.
   */
  readonly onError?: "fail-fast" | "collect";
}

/** A call of a task or flow. */
export interface CallRequest {
  /** Class, or id. */
  readonly target: unknown;
  readonly params: object;
  readonly options: StepOptions;
  /** The build's stamp; undefined in code that no build has seen. */
  readonly site: Site | undefined;
}

/** How a step ended. */
export type Outcome<R> =
  | { readonly status: "succeeded"; readonly value: R }
  | { readonly status: "failed" | "aborted"; readonly error: Error };

/** A `map`. */
export interface MapRequest {
  readonly items: Iterable<unknown>;
  readonly fn: (item: unknown, index: number) => unknown;
  readonly options: MapOptions<unknown>;
  readonly site: Site | undefined;
  /** Property of an item that names it when `options.key` is not given; undefined: the index names it. */
  readonly itemKey: string | undefined;
}

/** A local step. */
export interface LocalStepRequest {
  readonly name: string;
  readonly fn: () => unknown;
  readonly site: Site | undefined;
}

/** A sleep. */
export interface SleepRequest {
  readonly duration: Duration;
  readonly site: Site | undefined;
}

/** How long `waitFor` waits. */
export interface WaitOptions {
  /** Longest time to the message; the wait then fails with `wait-timeout`. Default: no limit. */
  readonly timeout?: Duration;
}

/** A wait for a message. */
export interface WaitRequest {
  readonly name: string;
  readonly options: WaitOptions;
  readonly site: Site | undefined;
}

/** The runtime's side of a flow instance. */
export interface FlowBinding {
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly info: FlowInfo;
  readonly shared: Shared;
  call(request: CallRequest): Promise<unknown>;
  /** As `call`, but gives a Ref of the result. */
  ref(request: CallRequest): Promise<unknown>;
  attempt(request: CallRequest): Promise<Outcome<unknown>>;
  map(request: MapRequest): Promise<unknown[]>;
  step(request: LocalStepRequest): Promise<unknown>;
  sleep(request: SleepRequest): Promise<unknown>;
  waitFor(request: WaitRequest): Promise<unknown>;
  background(request: CallRequest): Promise<unknown>;
  /** All must succeed; the first failure ends the others. */
  all(entrants: readonly unknown[]): Promise<unknown[]>;
  /** The first to settle decides, and ends the others. */
  race(entrants: readonly unknown[]): Promise<unknown>;
  /** ms since 1970 of the body's latest delivery. */
  now(): number;
  /** The main thread's instance of a resource, for the functions of local steps. */
  use(target: ResourceClass): Promise<object>;
  /** Hands a chunk to readers of the body's stream; none while a replay catches up. */
  emit(chunk: unknown): void;
  /** 0 ≤ x < 1, from a generator seeded by run and flow path. */
  random(): number;
  /** Version 4 form, from the same generator. */
  uuid(): string;
}
