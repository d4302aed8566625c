/** A unit: anything that a body has issued and that ends with one settlement. Steps, local steps, sub-flows and uses of shared state are units. */
import type {
  AbortCause,
  ActivationSettled,
  Clock,
  Durability,
  Fact,
  RunEvent,
  RunId,
  SharedUsed,
  StepRef,
  StepSettled,
} from "@millrace/core";

/** Where a unit stands: the part of its settlement that is known when it is issued. */
export type Place = Pick<UnitSettled, "key" | "site" | "node" | "body" | "task" | "identity">;

/** The fact that ends a unit. */
export type UnitSettled = StepSettled | ActivationSettled | SharedUsed;

/** True for what counts as a step and is told to observers: all but uses of shared state. */
export function isStep(fact: UnitSettled): fact is StepSettled | ActivationSettled {
  return fact.kind !== "shared-used";
}

/** How many steps it counts for: itself, and those inside a body that it ran. */
export function stepsOf(fact: UnitSettled): number {
  if (!isStep(fact)) return 0;
  return fact.kind === "activation-settled" ? 1 + fact.steps : 1;
}

type WithoutStamp<F> = F extends Fact ? Omit<F, "seq" | "at"> : never;
/** A fact before it has a place in the order. */
export type Draft = WithoutStamp<Fact>;

/** What a unit needs of its run. */
export interface RunHost {
  readonly id: RunId;
  readonly clock: Clock;
  /**
   * Gives the draft its place in the order and commits it; `done` comes after the commit, never if the run lost its store.
   * @param before Facts that are committed in front of it, in one transaction with it.
   * @param durability `behind`: `done` comes soon, and the commit follows. Default `before`, as it stands above.
   */
  append(draft: Draft, done: (fact: Fact) => void, before?: readonly Draft[], durability?: Durability): void;
  /** Tells observers. */
  emit(event: WithoutRun<RunEvent>): void;
  /** Tells readers of a step's stream of an encoded chunk. */
  stream(step: StepRef, attempt: number, chunk: Uint8Array): void;
}

type WithoutRun<E> = E extends RunEvent ? Omit<E, "run" | "at"> : never;
/** An event before the run has put its id and time on it. */
export type DraftEvent = WithoutRun<RunEvent>;

/** Anything issued by a body. */
export interface Unit {
  /** Begins. Called once, at once or when a replay has caught up. */
  start(): void;
  /** Asks it to end. `process`: it ends without a settlement. Before `start`, it takes effect there. */
  abort(cause: AbortCause, message: string): void;
  /** Its name and where it stands, for messages: `Fetch (attempt 2, running for 3.0 s)`. */
  standing(): string;
  /** Resolves when it is over, with or without a settlement. */
  readonly gone: Promise<void>;
  /** What it waits for, if it waits for time or messages and for nothing else; undefined if it works. */
  waiting?(): readonly Waiting[] | undefined;
}

/** Something from outside that a unit waits for. */
export interface Waiting {
  /** For people: `a message "approval"`. */
  readonly what: string;
  /** Name of the message. */
  readonly message?: string;
  /** When it comes by itself, ms since 1970; absent for messages without a limit. */
  readonly due?: number;
}

/** The names of a place, for events. */
export function refOf(place: Place): StepRef {
  return { key: place.key, node: place.node, task: place.task };
}
