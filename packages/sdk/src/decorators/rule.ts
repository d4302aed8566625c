/** `@rule`: declares a rule class and which tokens it matches, in legacy and TC39 decorators alike. */
import type { StepOptions, Token } from "@millrace/core";
import { type Declaration, setDeclaration } from "../metadata/store.js";
import type { Rule } from "../rule.js";
import type { ClassOf } from "../types/params.js";
import { refuseOldDecorators } from "./refuse-old-decorators.js";

/** Options of a rule: StepOptions of its firings, an id, and a filter. */
export interface RuleOptions extends StepOptions {
  /** Name in manifests and rule sets; default: the class name. */
  readonly id?: string;
  /**
   * Every key of it is in the token with an equal value, at any depth; of a list, one filter is enough. It narrows what the constant
   * properties of the rule's token type say.
   */
  readonly when?: Token | readonly Token[];
}

/** Any rule; which tokens it takes does not matter here. */
// biome-ignore lint/suspicious/noExplicitAny: rules differ in what they take, and none takes all
type AnyRule = Rule<any, any>;

/** Declares a rule. Bare (`@rule`) or with options (`@rule({ when: { kind: "html" } })`). */
export function rule<C extends ClassOf<AnyRule>>(target: C, context?: ClassDecoratorContext): void;
export function rule(
  options?: RuleOptions,
): <C extends ClassOf<AnyRule>>(target: C, context?: ClassDecoratorContext) => void;
export function rule(first?: unknown): unknown {
  refuseOldDecorators("@rule", first);
  if (typeof first === "function") return declare(first, {});
  return (target: () => void) => declare(target, (first ?? {}) as RuleOptions);
}

function declare(target: unknown, { when, ...options }: RuleOptions): void {
  refuseOldDecorators("@rule", target);
  setDeclaration(target as () => void, { kind: "task", id: options.id, options, rule: filtersOf(when) });
}

/** The filters that `when` says. */
export function filtersOf(when: RuleOptions["when"]): NonNullable<Declaration["rule"]> {
  return when === undefined ? {} : { filters: [when].flat() as readonly Token[] };
}
