/** The drawing of a rule set: a box for each rule, one for what it begins with, and arrows for the tokens that one may give another. */
import type { Arrow, Box, Drawing } from "../graph/drawing.js";
import type { GraphNode } from "../graph/flow-graph.js";
import type { RuleEdge, RuleGraph, TokenWay } from "./rule-graph.js";
import type { RuleSet, RuleSpec } from "./rule-set.js";

const START = "start";

/** What stands before the name of a token, by its way. */
const WORDS: Readonly<Record<TokenWay, string>> = { token: "", call: "call ", back: "back: ", error: "" };

/** Lays a graph out. Rules are `n0`, `n1`, … in order of the set; tokens that no rule matches stand behind them. */
export function drawRules(set: RuleSet, graph: RuleGraph): Drawing {
  const names = new Map(set.rules.map(({ name }, i) => [name, `n${i}`]));
  const nameOf = (rule: string | undefined): string => (rule === undefined ? START : (names.get(rule) ?? rule));
  const loose = new Map([...new Set(graph.unmatched.map(({ token }) => token))].map((token, i) => [token, `u${i}`]));
  const tokens = set.tokens.length;
  const start: readonly Box[] =
    tokens === 0
      ? []
      : [leaf(START, { id: START, kind: "wait", title: [tokens === 1 ? "1 token" : `${tokens} tokens`] })];
  return {
    boxes: [
      ...start,
      ...set.rules.map((rule) => leaf(nameOf(rule.name), { id: rule.name, kind: kindOf(rule), title: titleOf(rule) })),
      ...[...loose].map(([token, name]) => leaf(name, { id: token, kind: "dynamic", title: [token, "no rule"] })),
    ],
    arrows: [
      ...arrowsOf(graph.edges, nameOf, nameOf),
      ...arrowsOf(
        graph.unmatched.map((each) => ({ ...each, to: each.token, verdict: "must" as const })),
        nameOf,
        (token) => loose.get(token ?? "") ?? START,
      ),
    ],
  };
}

function leaf(
  name: string,
  box: { readonly id: string; readonly kind: GraphNode["kind"]; readonly title: readonly string[] },
): Box {
  return { type: "leaf", name, ...box, marks: [] };
}

/** One arrow for all tokens that come from one rule to another in one way. */
function arrowsOf(
  edges: readonly RuleEdge[],
  fromOf: (rule: string | undefined) => string,
  toOf: (rule: string | undefined) => string,
): readonly Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const { from, to, token, way, verdict, symbolic, count } of edges) {
    const key = JSON.stringify([from, to, way === "error"]);
    const known = arrows.get(key);
    arrows.set(key, {
      from: fromOf(from),
      to: toOf(to),
      kind: way === "error" ? "control" : "data",
      labels: [
        ...(known?.labels ?? []),
        `${WORDS[way]}${token}${count === undefined || count === 1 ? "" : ` ×${count}`}`,
      ],
      may: (known?.may ?? false) || verdict === "may",
      derived: (known?.derived ?? false) || symbolic === true,
      error: way === "error",
    });
  }
  return [...arrows.values()];
}

function kindOf({ run }: RuleSpec): GraphNode["kind"] {
  if (run && ("task" in run || "rule" in run)) return "call";
  return run && "flow" in run ? "subflow" : "step";
}

function titleOf({ name, run }: RuleSpec): readonly string[] {
  if (!run) return [name];
  if ("rule" in run) return run.rule === name ? [name] : [name, `rule ${run.rule}`];
  if ("task" in run) return [name, `task ${run.task}`];
  if ("flow" in run) return [name, `flow ${run.flow}`];
  return [name, "local" in run ? "function" : "command"];
}
