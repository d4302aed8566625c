/** Conditions: both arms are walked from the same state, and meet in a join that knows what chose between them. */
import type { Node } from "ts-morph";
import { joinStates } from "../state.js";
import { choice, join, NOTHING, type Source, type Value, withSources } from "../values.js";
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
}

/** Walks both arms. Gives the chosen value; an absent arm adds none. */
export function chooseBetween(walk: Walk, node: Node, { condition, text, arms, value }: Choice, at: Place): Value {
  walk.usePredicate(condition);
  const branch = walk.draft(node, "branch", at, { kind: "branch", detail: { text } });
  const before = walk.state;
  const values: Value[] = [];
  const ends = arms.map(([arm, source]) => {
    walk.state = before.copy();
    const inside: Place = { ...at, parent: branch, arm, conditions: [...at.conditions, condition] };
    if (source && value) values.push(walk.evaluate(source, inside));
    else if (source) walk.execute(source, inside);
    return walk.state;
  });
  const [first = before, second = before] = ends;
  walk.state = joinStates(first, second, condition);
  const [a = NOTHING, b] = values;
  return b ? withSources(join(a, b), choice(condition)) : a;
}
