/** Conditions: both arms are walked from the same state, and meet in a join that knows what chose between them. */
import type { Node } from "ts-morph";
import { choice, type Source } from "../source.js";
import { joinStates, type State } from "../state.js";
import type { Value } from "../value.js";
import { join, NOTHING, withSources } from "../values.js";
import type { Place } from "./place.js";
import type { Walk } from "./walk.js";

/** Two arms and what decides between them. */
export interface Choice {
  readonly condition: readonly Source[];
  /** Source text of the condition. */
  readonly text: string;
  /** Name and source of each arm; undefined for an arm that does nothing. */
  readonly arms: readonly [readonly [string, Node | undefined], readonly [string, Node | undefined]];
  /** True if the arms are expressions whose value is chosen, false if they are statements. */
  readonly value: boolean;
  /** Value of an absent arm. */
  readonly absent?: Value;
}

/** Walks both arms. Gives the chosen value. */
export function chooseBetween(
  walk: Walk,
  node: Node,
  { condition, text, arms, value, absent = NOTHING }: Choice,
  at: Place,
): Value {
  walk.usePredicate(condition);
  const branch = walk.draft(node, "branch", at, { kind: "branch", detail: { text } });
  walk.decide(branch, condition);
  const before = walk.state;
  const [first, second] = arms.map(([arm, source]) => {
    walk.state = before.copy();
    const inside: Place = { ...at, parent: branch, arm, conditions: [...at.conditions, condition] };
    const chosen = source && value ? walk.evaluate(source, inside) : absent;
    if (source && !value) walk.execute(source, inside);
    return { chosen, state: walk.state };
  }) as [End, End];
  walk.state = joinStates(first.state, second.state, { condition, branch, parent: at.parent });
  if (!value) return NOTHING;
  const issued = { a: first.state.steps, b: second.state.steps };
  return withSources(join(first.chosen, second.chosen, issued), choice(condition));
}

interface End {
  readonly chosen: Value;
  readonly state: State;
}
