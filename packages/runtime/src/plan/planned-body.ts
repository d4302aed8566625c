/** What a plan knows of one body, whichever driver it has: which of its calls nobody can foretell, and what guesses do to it. */
import type { Decision, PlannedStep } from "@millrace/core";
import type { UnbegunEnd } from "../runs/run-scope.js";
import type { Draft, Place, UnitSettled } from "../steps/unit.js";

/** A call that a body asks about. */
export interface PlannedCall {
  readonly place: Place;
  /** The path under which it is counted: its key without site and ordinal. */
  readonly path: string;
  /** The record that stands where it does, whether or not it serves. */
  readonly nearest: UnitSettled | undefined;
  /** It never begins, and why. */
  readonly unbegun: UnbegunEnd | undefined;
}

/** A step that runs, as those see it that depend on it. */
export interface RunningStep {
  readonly node: string;
  readonly path: string;
  /** The same step, or the one inside it that runs: what people are told. */
  readonly cause: string;
}

/** One body. */
export interface PlannedBody {
  /** Code decides what it calls: it may wait for another value than those that a plan makes up, for ever. */
  readonly mayLoop: boolean;
  /** Some of its calls are unknown. */
  readonly isDoubtful: boolean;
  /** Why nobody knows what becomes of a call, in words; undefined if that is known. */
  doubtOf(call: PlannedCall): string | undefined;
  /** What its driver is told of a call that is unknown: it goes on to its next calls. */
  guess(call: PlannedCall): Decision<UnitSettled>;
  /** A step runs: what depends on it is unknown. */
  runs(step: RunningStep): void;
  /** How a call ends whose outcome is a guess. */
  endOf(draft: Draft & UnitEnd): Draft;
  /** A call has ended in this plan. */
  settled(fact: UnitSettled): void;
  /** A call is restored. */
  restored(place: Place, record: UnitSettled): void;
  /** A call that was to run is asked to end. */
  aborted(place: Place): void;
  /** True if a call is met where the record stands: nothing has to ask for that one. */
  asksFor(record: UnitSettled): boolean;
  /** What it has not asked about, and may. */
  unreached(): readonly PlannedStep[];
}

/** A settlement before it has a place in the order. */
export type UnitEnd = Extract<Draft, { readonly kind: UnitSettled["kind"] }>;

/** Why a call is unknown that is given what a running step gives. */
export function dependsOn(cause: string): string {
  return `it depends on ${cause}, which runs`;
}
