/** A rule that is a function of the starting process: it is called on the main thread for every token that has what its filter says. */
import type { LocalContext, LocalFunction, RuleSpec, Token } from "@millrace/core";

/** What a function gives: the tokens that follow, one of them, or none. */
export type GivenTokens = object | readonly object[] | null | undefined;

/** What a function rule is made of, beside its name. */
export interface FunctionRuleDefinition<In extends object> {
  /** What a token has to have, at any depth. Default: all match. */
  readonly filter?: Token;
  /** Tokens in place of the error token, when the function throws. */
  readonly onError?: Pick<NonNullable<RuleSpec["onError"]>, "next">;
  /** The work. What it gives is recorded, and is not asked for again by a run that goes on. */
  next(token: In, context: LocalContext): GivenTokens | Promise<GivenTokens>;
}

/** A rule and the function that it runs. */
export interface FunctionRule<in In extends object = Token> {
  readonly spec: RuleSpec;
  readonly run: LocalFunction;
  /** Ties the rule to the type of its tokens. Never set. */
  readonly takes?: (token: In) => void;
}

/** `rule("count", { filter: { type: "n" }, next: ({ n }: Count) => … })`. The name is unique in its set, and is that of the engine's function. */
export function rule<In extends object = Token>(
  name: string,
  { filter = {}, onError, next }: FunctionRuleDefinition<In>,
): FunctionRule<In> {
  return {
    spec: {
      name,
      filter,
      run: { local: name },
      params: { token: { from: "token" } },
      next: [{ token: { from: "result" } }],
      ...(onError ? { onError } : {}),
    },
    run: ({ token }: { readonly token: In }, context) => next(token, context),
  };
}
