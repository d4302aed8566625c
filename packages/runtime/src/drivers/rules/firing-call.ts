/** The call of a firing: what its rule runs, given its token. */
import {
  type Firing,
  fillParams,
  firingPlace,
  type JobNode,
  type RuleSet,
  rulesName,
  sourcesFor,
} from "@millrace/core";
import type { Place } from "../../steps/unit.js";
import { callHere, callOf, type NodeCall, type NodeSurroundings, placeOf } from "../graph/node-call.js";

/** What all firings of a body have in common. */
export type Surroundings = Omit<NodeSurroundings, "standing">;

/** @throws MillraceError `reference-missing`, `invalid-parameters`, `value-not-sendable`. */
export function callOfFiring(firing: Firing, set: RuleSet, around: Surroundings): NodeCall {
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
export function firingPlaceOf(firing: Firing, set: RuleSet, around: Surroundings): Place {
  const within = withinFiring(firing, set, around);
  return placeOf(nodeOf(firing.rule, within.standing().node), within);
}

/** What a rule runs, as a node. */
export function nodeOf({ name, run, options, onError }: Firing["rule"], id: string): JobNode {
  const runs = !run ? { local: name } : "rule" in run ? { task: run.rule } : run;
  const { repeat } = onError ?? {};
  if (repeat === undefined) return { id, run: runs, ...(options ? { options } : {}) };
  return { id, run: runs, options: { ...options, retry: { ...options?.retry, attempts: repeat + 1 } } };
}

function withinFiring({ rule, token }: Firing, set: RuleSet, around: Surroundings) {
  const { key, site, node } = firingPlace(rulesName(set), rule.name, token.id);
  return { ...around, standing: () => ({ key, site, node }) };
}
