/** Where the walk stands: everything that the way to an expression says about it. Immutable; nested places are copies. */
import type { Site } from "@millrace/core";
import type { Node } from "ts-morph";
import type { Callable } from "../callables.js";
import type { Draft } from "../draft.js";
import type { Exit } from "../guards.js";
import type { Scope } from "../scope.js";
import type { Source } from "../source.js";
import type { Slot, State } from "../state.js";
import type { Value } from "../value.js";

/** One execution of a function body. */
export interface Activation {
  /** Where its returns lead. */
  readonly exit: Exit;
  /** What its returns give. */
  readonly returns: Value[];
  /** What it yields, if it is a generator. */
  readonly yields: Yielded[];
  /** Conditions under which they return. */
  readonly guards: Source[];
  /** States at its returns. */
  readonly exits: State[];
  /** Number of conditions around the call itself. */
  readonly base: number;
}

/** One `yield` of a generator. */
export interface Yielded {
  readonly value: Value;
  /** The point where whoever iterates goes on. */
  readonly state: State;
  /** Sources of the conditions around it, in the generator. */
  readonly conditions: readonly Source[];
  /** Where a return of the generator leads. */
  readonly exit: Exit;
}

/** A loop or map around the place. */
export interface Turn {
  readonly draft: Draft;
  readonly activation: Activation;
  /** Number of conditions around the loop itself. */
  readonly base: number;
  /** Labels of the statement. */
  readonly labels: readonly string[];
  /** States at `break`, of loop statements and switches. */
  readonly breaks: State[];
  /** States at `continue`; undefined for a switch, which has none. */
  readonly continues: State[] | undefined;
  /** Variables that exist outside of the turn. */
  readonly outer: ReadonlySet<Slot>;
  /** Steps of earlier turns that this one waits for. */
  readonly waited: Set<Draft>;
  /** True for callbacks that are started without waiting for each other: one's exit does not stop the others. */
  readonly concurrent: boolean;
}

/** A labelled statement that is no loop. */
export interface Block {
  readonly label: string;
  readonly activation: Activation;
  readonly exit: Exit;
  /** States at its `break`s. */
  readonly breaks: State[];
  /** Number of loops around it. */
  readonly turns: number;
}

/** A function on the call path. */
export interface Inlining {
  readonly callable: Callable;
  /** What calls it. */
  readonly call: Node;
  /** Container of the call; undefined if it has none. */
  readonly draft: Draft | undefined;
  /** Set when the function is called again from inside. */
  recursive: boolean;
  /** Arguments of the calls from inside, joined. */
  readonly again: Value[];
  /** What the latest pass over the body returned. */
  result: Value;
}

/** The place. */
export interface Place {
  readonly scope: Scope<Value>;
  readonly parent: Draft | undefined;
  readonly arm: string | undefined;
  readonly frames: readonly Site[];
  /** Why calls here cannot be known exactly. */
  readonly opaque: string | undefined;
  /** True where waiting is not the body's: inside a local step, which is recorded as a whole, and in what packages call. */
  readonly aside: boolean;
  readonly activation: Activation;
  /** Sources of the conditions around the place, outermost first, across calls. */
  readonly conditions: readonly (readonly Source[])[];
  readonly turns: readonly Turn[];
  readonly blocks: readonly Block[];
  readonly stack: readonly Inlining[];
}

let activations = 0;

/** Starts an execution of a function body. */
export function activate(base: number, yields: Yielded[] = []): Activation {
  activations += 1;
  return { exit: `return:${activations}`, returns: [], yields, guards: [], exits: [], base };
}
