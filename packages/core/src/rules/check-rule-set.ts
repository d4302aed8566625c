/** Judges a rule set by its graph: rules that nothing reaches, tokens that nothing matches, calls that nothing returns from. */
import type { DiagnosticCode } from "../diagnostics/diagnostic-codes.js";
import type { Manifest } from "../manifest/manifest.js";
import { renderValue } from "../values/render-value.js";
import { mayReturn, type RuleGraph, ruleGraph } from "./rule-graph.js";
import type { RuleSet } from "./rule-set.js";

/** A finding about a rule set; whoever knows where its rules stand makes a diagnostic of it. */
export interface RuleFinding {
  readonly code: Extract<DiagnosticCode, "rule-unreachable" | "token-unmatched" | "call-unreturned">;
  /** Path in the document: `rules[0]`, `tokens[2]`. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** All findings about a set that has been read, in the order of its rules. */
export function checkRuleSet(manifest: Pick<Manifest, "tasks">, set: RuleSet): readonly RuleFinding[] {
  const graph = ruleGraph(set, manifest);
  return [...unmatched(set, graph), ...unreturned(set, graph), ...unreachable(set, graph)];
}

function unmatched(set: RuleSet, graph: RuleGraph): readonly RuleFinding[] {
  if (set.unmatched === "ignore") return [];
  const becomes = set.unmatched === "error" ? "The run fails at its end" : "It ends among the unmatched tokens";
  return graph.unmatched.map(({ from, token, shape }) => ({
    code: "token-unmatched",
    path: from === undefined ? `tokens[${placeOf(set, shape.has)}]` : pathOf(set, from),
    message: `${from === undefined ? "The set begins with" : `${from} gives`} ${renderValue(shape.has)}, which no rule matches.`,
    hint: `${becomes}. Add a rule for it, or say that it may be let go: unmatched: ignore.`,
    data: { ...(from === undefined ? {} : { rule: from }), token },
  }));
}

function placeOf({ tokens }: RuleSet, has: unknown): number {
  return Math.max(
    0,
    tokens.findIndex(({ body }) => body === has),
  );
}

/** Whatever an entered rule leads to is looked at, also what is called further on: a report is certain. */
function unreturned(set: RuleSet, graph: RuleGraph): readonly RuleFinding[] {
  const returning = new Set(graph.rules.filter(({ emits }) => mayReturn(emits)).map(({ name }) => name));
  const next = new Map<string, string[]>();
  for (const { from, to } of graph.edges) if (from !== undefined) next.set(from, [...(next.get(from) ?? []), to]);
  return set.rules.flatMap(({ name }) => {
    const calls = graph.edges.filter((edge) => edge.from === name && edge.way === "call");
    const tokens = [...new Set(calls.map(({ token }) => token))];
    return tokens
      .filter((token) => {
        const entered = calls.filter((edge) => edge.token === token).map(({ to }) => to);
        return !reaches(entered, next, returning);
      })
      .map((token) => ({
        code: "call-unreturned" as const,
        path: pathOf(set, name),
        message: `${name} calls ${token}, and no rule that this leads to returns: what is to follow the call never does.`,
        hint: "Let a rule of the called part return, or give the token without a call.",
        data: { rule: name, token },
      }));
  });
}

function reaches(
  from: readonly string[],
  next: ReadonlyMap<string, readonly string[]>,
  goals: ReadonlySet<string>,
): boolean {
  const seen = new Set(from);
  for (const at of seen) {
    if (goals.has(at)) return true;
    for (const to of next.get(at) ?? []) seen.add(to);
  }
  return false;
}

function unreachable(set: RuleSet, graph: RuleGraph): readonly RuleFinding[] {
  // A set that waits for tokens, or has none of its own, is there for those that are sent to it.
  if (set.open || set.tokens.length === 0) return [];
  const reached = new Set(graph.edges.map(({ to }) => to));
  return set.rules
    .filter(({ name }) => !reached.has(name))
    .map(({ name }) => ({
      code: "rule-unreachable",
      path: pathOf(set, name),
      message: `${name} matches no token that this set begins with, and none that its rules give.`,
      hint: "Look at its filter and at the tokens of the others. If its tokens are sent to the run, all is well.",
      data: { rule: name },
    }));
}

function pathOf({ rules }: RuleSet, rule: string): string {
  return `rules[${rules.findIndex(({ name }) => name === rule)}]`;
}
