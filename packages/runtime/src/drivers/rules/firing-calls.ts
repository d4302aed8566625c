/** What becomes of firings whose time has come: each has a record that serves it, or makes a unit of the call of its rule. */
import {
  type Firing,
  fillParams,
  firingPlace,
  type JobNode,
  type RuleSet,
  rulesName,
  type StepRecords,
  sourcesFor,
} from "@millrace/core";
import type { UnbegunEnd } from "../../runs/run-scope.js";
import type { Place, Unit, UnitSettled } from "../../steps/unit.js";
import {
  callHere,
  callOf,
  type DecidedCall,
  type NodeCall,
  type NodeSurroundings,
  placeOf,
} from "../graph/node-call.js";
import { UnbegunNode } from "../graph/unbegun-node.js";

/** What all firings of a body have in common. */
export type Surroundings = Omit<NodeSurroundings, "standing">;

/** A firing that is on record, or the unit that begins. */
export type MetFiring = { readonly record: UnitSettled } | { make(): Unit };

/** The firings of one body. */
export class FiringCalls {
  readonly #set: RuleSet;
  readonly #around: Surroundings;
  readonly #records: StepRecords<UnitSettled>;

  constructor(set: RuleSet, around: Surroundings, records: StepRecords<UnitSettled>) {
    this.#set = set;
    this.#around = around;
    this.#records = records;
  }

  /** Looks for the record of a firing; what is restored has been told. */
  meet(firing: Firing): MetFiring {
    const call = this.#call(firing);
    if (!("place" in call)) return this.#refused(firing, call.error);
    const record = this.#recorded(call);
    const { scope, onSettled } = this.#around;
    return record ? { record } : { make: () => scope.unit(call.place, call.make, onSettled) };
  }

  /** It cannot be called: its parameters are not what they must be. */
  #refused(firing: Firing, error: unknown): MetFiring {
    const place = firingPlaceOf(firing, this.#set, this.#around);
    const end: UnbegunEnd = { state: "failed", error };
    const record = this.#recorded({ place, given: {}, sharedTtlMs: undefined, opens: undefined }, end);
    const node = nodeOf(firing.rule, place.node);
    return record ? { record } : { make: () => new UnbegunNode(node, place, end, this.#around) };
  }

  #call(firing: Firing): NodeCall | { readonly error: unknown } {
    try {
      return callOfFiring(firing, this.#set, this.#around);
    } catch (error) {
      return { error };
    }
  }

  #recorded({ place, given, sharedTtlMs, opens }: DecidedCall, unbegun?: UnbegunEnd): UnitSettled | undefined {
    const { scope } = this.#around;
    const call = { place, anySite: false, isWork: true, asRef: false, given, sharedTtlMs, opens, unbegun };
    const decision = scope.decide(call, this.#records);
    if (decision.verdict !== "restored") return undefined;
    scope.restored(decision.record, place);
    return decision.record;
  }
}

/** @throws MillraceError `reference-missing`, `invalid-parameters`, `value-not-sendable`. */
function callOfFiring(firing: Firing, set: RuleSet, around: Surroundings): NodeCall {
  const { rule, token } = firing;
  const within = withinFiring(firing, set, around);
  const node = nodeOf(rule, within.standing().node);
  const { run, params = {} } = rule;
  if (!run) return callHere(node, () => null, token.body, within);
  if ("rule" in run) return callOf(node, { token: token.body }, within);
  const sources = sourcesFor(rule.name, { token: token.body, vars: set.variables ?? {} });
  return callOf(node, fillParams(params, sources), within);
}

/** Where a firing stands that cannot be called. */
function firingPlaceOf(firing: Firing, set: RuleSet, around: Surroundings): Place {
  const within = withinFiring(firing, set, around);
  return placeOf(nodeOf(firing.rule, within.standing().node), within);
}

/** What a rule runs, as a node. */
function nodeOf({ name, run, options, onError }: Firing["rule"], id: string): JobNode {
  const runs = !run ? { local: name } : "rule" in run ? { task: run.rule } : run;
  const { repeat } = onError ?? {};
  if (repeat === undefined) return { id, run: runs, ...(options ? { options } : {}) };
  return { id, run: runs, options: { ...options, retry: { ...options?.retry, attempts: repeat + 1 } } };
}

function withinFiring({ rule, token }: Firing, set: RuleSet, around: Surroundings) {
  const { key, site, node } = firingPlace(rulesName(set), rule.name, token.id);
  return { ...around, standing: () => ({ key, site, node }) };
}
