/** What tests of rule sets share: short ways to write rules down, and what became of their firings. */
import {
  type LocalFunction,
  RULES_VERSION,
  type RuleSet,
  type RuleSpec,
  type Token,
  type ToRuleSet,
} from "@millrace/core";
import { type FunctionRule, rule as functionRule } from "@millrace/jobs";
import type { Run } from "@millrace/runtime";

/** A rule as a function: its name, what it matches, and the tokens that it gives. */
export function rule(
  name: string,
  filter: Token,
  next: Parameters<typeof functionRule<Token>>[1]["next"] = () => undefined,
): FunctionRule {
  return functionRule(name, { filter, next });
}

/** A rule of data alone. */
export function data(name: string, filter: Token, next: RuleSpec["next"] = []): { readonly spec: RuleSpec } {
  return { spec: { name, filter, next } };
}

/** A set of such rules. */
export function setOf(
  rules: readonly { readonly spec: RuleSpec; readonly run?: LocalFunction }[],
  tokens: readonly (Token | { readonly id: string; readonly body: Token })[],
  more: Partial<RuleSet> = {},
): ToRuleSet & { readonly document: RuleSet } {
  const document: RuleSet = {
    version: RULES_VERSION,
    rules: rules.map(({ spec }) => spec),
    tokens: tokens.map((token) =>
      "body" in token ? (token as { id: string; body: Token }) : { body: token as Token },
    ),
    ...more,
  };
  const locals = Object.fromEntries(rules.flatMap(({ spec, run }) => (run ? [[spec.name, run]] : [])));
  return { document, toRuleSet: () => document, locals };
}

/** The firings on record, in the order of their ends: `count[0]`, with a mark where one did not succeed. */
export async function firingsOf(run: Run): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { step, state } of run.steps())
    names.push(state === "succeeded" ? step.node : `${step.node} ${state}`);
  return names;
}
