/** `defineRule`: a rule without decorators. It makes the class that `@rule` would stand on, so nothing else tells the forms apart. */
import type { StepOptions, Token } from "@millrace/core";
import { filtersOf } from "../decorators/rule.js";
import { setDeclaration } from "../metadata/store.js";
import { Rule } from "../rule.js";
import { callEmitted, type Emitted, returnEmitted, type TokenCall, type TokenReturn } from "../rules/emitted.js";
import { attachHooks } from "./attach-hooks.js";
import type { TaskHooks } from "./define-task.js";
import { contextOf, type TaskContext } from "./task-context.js";

/** What `next` and the hooks of `defineRule` get beside their token. */
export interface RuleContext<Out extends object> extends TaskContext {
  /** A call: rules on `token` and on what follows from it may return, and `back` follows with what was returned as `returned`. */
  call<C extends Out, T extends Out>(token: C, back: T): TokenCall<C, T>;
  /** Goes back to where the innermost call says. Fails the firing if nothing has been called. */
  return(value?: unknown): TokenReturn;
}

/** What a rule is made of. */
export interface RuleDefinition<In extends object, Out extends object> {
  /** Name in manifests and rule sets; a literal. */
  readonly id: string;
  /** As for `@rule`; literals. */
  readonly when?: Token | readonly Token[];
  /** As for `@task`, for its firings; literals. */
  readonly options?: StepOptions;
  /** Lifecycle hooks of a firing. */
  readonly hooks?: TaskHooks<In>;
  /** Whether it fires on a token that the filters let through; as the method of a class. */
  match?(token: In): boolean;
  /** The work: gives the tokens that follow. Which these may be is read from its return type. */
  next(token: In, rule: RuleContext<Out>): Emitted<Out> | Promise<Emitted<Out>>;
}

/** Declares a rule by a function. In is read from `next`'s signature. */
export function defineRule<In extends object = Token, Out extends object = Token>(
  definition: RuleDefinition<In, Out>,
): new () => Rule<In, Out> {
  const { id, when, options = {}, hooks = {} } = definition;
  class Defined extends Rule<In, Out> {
    #context: RuleContext<Out> | undefined;

    next(): Emitted<Out> | Promise<Emitted<Out>> {
      const [token, context] = this.given;
      return definition.next(token, context);
    }

    get given(): readonly [In, RuleContext<Out>] {
      this.#context ??= Object.assign(contextOf(this), { call: callEmitted, return: returnEmitted });
      return [this.token, this.#context];
    }
  }
  if (definition.match) {
    const value = (token: In): unknown => definition.match?.(token);
    Object.defineProperty(Defined.prototype, "match", { value, configurable: true, writable: true });
  }
  attachHooks(Defined, hooks, ({ given }) => given);
  Object.defineProperty(Defined, "name", { value: id });
  setDeclaration(Defined, { kind: "task", id, options, rule: filtersOf(when) });
  return Defined;
}
