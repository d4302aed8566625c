/** Which tokens may follow each rule, in the words of the successors of flows: a type, a list, a branch, a call; the rest is symbolic. */
import type { Follow, Successors } from "../graph/successors.js";
import { shapeOf } from "./emits-of-rule.js";
import type { Emits } from "./rule-entry.js";
import type { RuleGraph, RuleNode } from "./rule-graph.js";
import type { RuleSet } from "./rule-set.js";

const ARMS = "abcdefghijklmnopqrstuvwxyz";

/** What the set begins with, as node `start`, and what may follow each rule, in order of the set. */
export function ruleSuccessors({ tokens }: RuleSet, { rules }: RuleGraph): readonly Successors[] {
  const begins: Follow = listOf(tokens.map(({ body }): Follow => ({ type: "step", node: shapeOf(body).name })));
  return [
    { node: "start", follow: begins },
    ...rules.map((rule) => ({ node: rule.name, follow: followOf(rule.emits, rule) })),
  ];
}

function followOf(emits: Emits, rule: RuleNode): Follow {
  switch (emits.type) {
    case "token":
      return { type: "step", node: emits.token.name };
    case "list":
      return listOf(emits.of.map((each) => followOf(each, rule)));
    case "branch": {
      const arms = emits.arms.map((arm, i): [string, Follow] => [ARMS[i] ?? `arm${i}`, followOf(arm, rule)]);
      return { type: "branch", on: rule.name, arms: Object.fromEntries(arms) };
    }
    case "each":
      return { type: "each", node: "each", of: followOf(emits.of, rule) };
    case "call":
      return {
        type: "call",
        node: rule.name,
        name: namesOf(emits.enters, rule).join(" or ") || "token",
        returnsTo: namesOf(emits.back, rule),
      };
    case "symbolic": {
      const { candidates, open } = rule;
      return { type: "symbolic", node: symbolName(emits), reason: emits.reason, candidates, ...(open ? { open } : {}) };
    }
    case "return":
    case "end":
      return emits;
  }
}

function namesOf(emits: Emits, rule: RuleNode): readonly string[] {
  switch (emits.type) {
    case "token":
      return [emits.token.name];
    case "list":
      return emits.of.flatMap((each) => namesOf(each, rule));
    case "branch":
      return emits.arms.flatMap((arm) => namesOf(arm, rule));
    case "each":
      return namesOf(emits.of, rule);
    case "symbolic":
      return rule.candidates.length > 0 && !rule.open ? rule.candidates : [symbolName(emits)];
    default:
      return [];
  }
}

function symbolName({ from = [] }: Extract<Emits, { type: "symbolic" }>): string {
  return ["token", ...from].join(".");
}

function listOf(all: readonly Follow[]): Follow {
  const [only] = all;
  if (!only) return { type: "end" };
  return all.length === 1 ? only : { type: "list", of: all };
}
