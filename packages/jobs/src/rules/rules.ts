/** `Rules`: a rule set that a program puts together of classes, functions and data. */
import {
  type GivenToken,
  type LocalFunction,
  MillraceError,
  RULES_VERSION,
  type RuleSet,
  type RuleSpec,
  rulesName,
  type Token,
  type ToRuleSet,
} from "@millrace/core";
import type { Rule } from "@millrace/sdk";
import { declarationOf } from "@millrace/sdk/internal";
import type { FunctionRule } from "./function-rule.js";

/** A class with `@rule` on it, or what `defineRule` has made. */
// biome-ignore lint/suspicious/noExplicitAny: rules of any tokens; which they are is read by TokenOf
export type RuleClass = new () => Rule<any, any>;

/** One rule, in any of its forms. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyRule = RuleClass | FunctionRule<any> | RuleSpec;

/** The tokens that a rule takes; rules of data take any. */
export type TokenOf<R> = R extends abstract new () => Rule<infer In, infer _>
  ? In
  : R extends { readonly takes?: (token: infer In) => void; readonly spec: RuleSpec }
    ? In
    : Token;

/** What a set is made of. */
export interface RulesDefinition<R extends AnyRule = AnyRule> extends Omit<RuleSet, "version" | "rules" | "tokens"> {
  /** In order: those that match one token fire in this order. */
  readonly rules: readonly R[];
}

/**
 * Rules to start: `engine.start(crawl.with([{ type: "page", url }]))`. Never changes; what is wrong with it is told when it is started.
 * Functions belong to the process: whoever resumes a run elsewhere starts it again under its id, or gives them to the engine (`engine.local`).
 */
export class Rules<R extends AnyRule = AnyRule> implements ToRuleSet {
  readonly locals: Readonly<Record<string, LocalFunction>>;
  readonly classes: readonly RuleClass[];
  readonly #definition: RulesDefinition<R>;
  readonly #specs: readonly RuleSpec[];
  readonly #tokens: readonly GivenToken[];

  /** @throws MillraceError `rules-invalid` for a class that is no rule. */
  constructor(definition: RulesDefinition<R>, tokens: readonly GivenToken[] = []) {
    const rules: readonly AnyRule[] = definition.rules;
    this.#definition = definition;
    this.#tokens = tokens;
    this.#specs = rules.map(specOf);
    this.classes = rules.filter(isRuleClass);
    this.locals = Object.fromEntries(
      rules.filter(isFunctionRule).map(({ spec, run }): [string, LocalFunction] => [spec.name, run]),
    );
  }

  /** The name that its runs go by. */
  get name(): string {
    return rulesName(this.toRuleSet());
  }

  /** The same rules with these tokens, behind those that it has: a list, whose ids are their places, or tokens by id. */
  with(tokens: readonly TokenOf<R>[] | Readonly<Record<string, TokenOf<R>>>): Rules<R> {
    const more: readonly GivenToken[] = Array.isArray(tokens)
      ? tokens.map((body: Token) => ({ body }))
      : Object.entries(tokens as Readonly<Record<string, Token>>).map(([id, body]) => ({ id, body }));
    return new Rules(this.#definition, [...this.#tokens, ...more]);
  }

  toRuleSet(): RuleSet {
    return { ...this.#definition, version: RULES_VERSION, rules: this.#specs, tokens: this.#tokens };
  }
}

function specOf(rule: AnyRule): RuleSpec {
  if (isFunctionRule(rule)) return rule.spec;
  if (!isRuleClass(rule)) return rule;
  const declared = declarationOf(rule);
  if (declared?.kind !== "task" || declared.rule === undefined) throw notARule(rule.name);
  const id = declared.id ?? rule.name;
  return { name: id, run: { rule: id } };
}

function isRuleClass(rule: AnyRule): rule is RuleClass {
  return typeof rule === "function";
}

function isFunctionRule(rule: AnyRule): rule is FunctionRule {
  return typeof rule === "object" && "spec" in rule;
}

function notARule(name: string): MillraceError {
  return new MillraceError("rules-invalid", `${name} is no declared rule.`, {
    hint: `Put @rule on a class that extends Rule, or use defineRule or rule("name", { filter, next }). A task or flow is run by a rule: { name, filter, run: { task: "${name}" } }.`,
    data: { class: name, issues: [] },
  });
}
