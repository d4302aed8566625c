/** What tests of rule sets share: short ways to write rules down, and what became of their firings. */
import {
  type LocalFunction,
  RULES_VERSION,
  type RuleSet,
  type RuleSpec,
  type Token,
  type ToRuleSet,
} from "@millrace/core";
import type { Run } from "@millrace/runtime";

/** A rule as a function: its name, what it matches, and the tokens that it gives. */
export function rule(
  name: string,
  filter: Token,
  next: (token: Token) => Token | readonly Token[] | undefined | Promise<Token | readonly Token[] | undefined> = () =>
    undefined,
): { readonly spec: RuleSpec; readonly fn: LocalFunction } {
  return {
    spec: {
      name,
      filter,
      run: { local: name },
      params: { token: { from: "token" } },
      next: [{ token: { from: "result" } }],
    },
    fn: ({ token }: { readonly token: Token }) => next(token),
  };
}

/** A rule of data alone. */
export function data(name: string, filter: Token, next: RuleSpec["next"] = []): { readonly spec: RuleSpec } {
  return { spec: { name, filter, next } };
}

/** A set of such rules. */
export function setOf(
  rules: readonly { readonly spec: RuleSpec; readonly fn?: LocalFunction }[],
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
  const locals = Object.fromEntries(rules.flatMap(({ spec, fn }) => (fn ? [[spec.name, fn]] : [])));
  return { document, toRuleSet: () => document, locals };
}

/** The firings on record, in the order of their ends: `count[0]`, with a mark where one did not succeed. */
export async function firingsOf(run: Run): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { step, state } of run.steps())
    names.push(state === "succeeded" ? step.node : `${step.node} ${state}`);
  return names;
}
