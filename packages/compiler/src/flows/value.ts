/** What the analysis knows of a value: the data that values.ts and promises.ts compute with. */
import type { ClassDeclaration, Node } from "ts-morph";
import type { Declared } from "../project/declared.js";
import type { Callable } from "./callables.js";
import type { Draft } from "./draft.js";
import type { Guard } from "./guards.js";
import type { Scope } from "./scope.js";
import type { Source } from "./source.js";

/** A function with the variables it sees. */
export interface Closure {
  readonly callable: Callable;
  readonly scope: Scope<Value>;
}

/** Values of an argument list. */
export interface Arguments {
  readonly known: readonly Value[];
  /** Items of a spread list: any of the further arguments. */
  readonly rest: Value;
}

/** A generator that was made and has not run yet. */
export interface Generated {
  readonly closure: Closure;
  readonly self: Value;
  readonly args: Arguments;
}

/** What the analysis knows of a value. */
export interface Value {
  readonly sources: readonly Source[];
  /** Objects and lists that it may be (state.ts). */
  readonly refs: readonly number[];
  /** Those of them that it is on some paths only. */
  readonly mayRefs: readonly number[];
  readonly functions: readonly Closure[];
  /** It may be the flow itself. */
  readonly self: boolean;
  /** Class whose instance it is, if exactly known. */
  readonly instanceOf?: ClassDeclaration | undefined;
  /** Task or flow class that it names. */
  readonly names?: Declared | undefined;
  /** Generators that it may be: their bodies run where they are iterated. */
  readonly generators?: readonly Generated[] | undefined;
  /** Set for a promise. */
  readonly promise?: Promised | undefined;
}

/** A step that has settled once a promise has. */
export interface Wait {
  readonly node: Draft;
  readonly on: "success" | "settled";
  /** True if every instance of the step that was issued is among them; false: on some paths, or some instances. */
  readonly sure: boolean;
}

/** One of several steps has settled: the winner of a race. */
export interface Winner {
  readonly race: Draft;
  readonly members: readonly Draft[];
}

/** What a promise may reject with. */
export interface Failure {
  readonly source: Source;
  /** Others that were awaited with it may still run. */
  readonly first: boolean;
}

/** A promise. */
export interface Promised {
  /** Settled once it fulfils. */
  readonly fulfilled: readonly Wait[];
  /** Settled once it rejects. */
  readonly rejected: readonly Wait[];
  readonly winners: readonly Winner[];
  readonly failures: readonly Failure[];
  /** Values that it may reject with, besides failures of steps. */
  readonly thrown: readonly Value[];
  /** Conditions under which it rejects. */
  readonly guards: readonly Guard[];
  /** Loops and maps whose item has been awaited once it fulfils. */
  readonly items: readonly Draft[];
  /** It never fulfils. */
  readonly fails: boolean;
  /** Where promises that are no step's come from, if it waits for any. */
  readonly foreign: readonly Node[];
}
