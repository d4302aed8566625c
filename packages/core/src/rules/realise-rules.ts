/** The graph that a run has made of its rule set: who gave what to whom, and how often. Nothing of it is symbolic any more. */
import type { LooseToken, RuleEdge, RuleGraph } from "./rule-graph.js";
import type { RuleLineage, TokenLineage } from "./rule-lineage.js";
import type { RuleSpec } from "./rule-set.js";

/** Reads it off what became of the tokens. */
export function realiseRules({ set, tokens, over }: RuleLineage): RuleGraph {
  const edges = new Map<string, RuleEdge>();
  const given = new Map<string, Set<string>>();
  for (const token of tokens) {
    const from = token.from ? { from: token.from.rule } : {};
    const name = nameOf(token);
    if (token.from) given.set(token.from.rule, (given.get(token.from.rule) ?? new Set()).add(name));
    for (const { rule } of token.firings) {
      const edge = { ...from, to: rule, token: name, way: token.way };
      const key = JSON.stringify(edge);
      edges.set(key, { ...edge, verdict: "must", count: (edges.get(key)?.count ?? 0) + 1 });
    }
  }
  return {
    rules: set.rules.map(({ name }: RuleSpec) => ({
      name,
      filters: [],
      asks: false,
      emits: {
        type: "list",
        of: [...(given.get(name) ?? [])].sort().map((token) => ({ type: "token", token: { name: token, has: {} } })),
      },
      candidates: [],
      open: false,
    })),
    edges: [...edges.values()],
    unmatched: over ? tokens.filter(({ firings }) => firings.length === 0).map(loose) : [],
  };
}

function loose(token: TokenLineage): LooseToken {
  const { from, body, way } = token;
  const name = nameOf(token);
  return { ...(from ? { from: from.rule } : {}), token: name, way, shape: { name, has: body, others: [] } };
}

/** Tokens of one type are one thing in a picture. */
function nameOf({ body }: Pick<TokenLineage, "body">): string {
  return typeof body.type === "string" ? body.type : body._error === true ? "_error" : "token";
}
