/** Asks rule classes whether they fire on a token: the one code of rules that runs on the main thread. */
import { filtersOf, MillraceError, matchesFilters, type TaskEntry, type Token } from "@millrace/core";
import type { Rule } from "@millrace/sdk/internal";

/** Whether a rule fires on a token. @throws MillraceError `rule-match-failed`. */
export type RuleMatch = (token: Token) => boolean;

/**
 * The match of a rule: its filters first, then its own `match`.
 * @param load The class; not loaded unless it has a `match`.
 */
export async function ruleMatch(entry: TaskEntry, load: () => Promise<new () => Rule>): Promise<RuleMatch> {
  const groups = filtersOf({}, entry.rule);
  if (!entry.rule?.match) return (token) => matchesFilters(groups, token);
  const instance = new (await load())();
  return (token) => matchesFilters(groups, token) && answerOf(instance, entry, token);
}

function answerOf(instance: Rule, { id, source, span }: TaskEntry, token: Token): boolean {
  const failed = (what: string, cause?: unknown): MillraceError =>
    new MillraceError("rule-match-failed", `match of rule ${id} (${source}:${span.line}) ${what}.`, {
      hint: "It is asked on the main thread before there is a firing: it is synchronous, has no log and no signal, and gives true or false for every token that the filters let through.",
      data: { rule: id, token },
      cause,
    });
  let answer: unknown;
  try {
    answer = instance.match?.(token);
  } catch (cause) {
    throw failed(`threw: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (typeof answer !== "boolean") throw failed(`gave ${answer instanceof Promise ? "a promise" : typeof answer}`);
  return answer;
}
