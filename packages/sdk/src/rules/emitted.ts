/** What `next` of a rule may give, and how it is written down: as emissions, the one form in which firings stand on record. */
import type { Emission, Token } from "@millrace/core";
import { MillraceError, renderValue } from "@millrace/core/thread";

/** Key of what calls and returns are made of; two copies of this package understand each other. */
export const EMISSION: unique symbol = Symbol.for("millrace.emission");

/** A call, made by `this.call`: when a rule returns from it, `back` follows. */
export interface TokenCall<C extends object, T extends object> {
  readonly [EMISSION]: { readonly call: C; readonly back: T };
}

/** A return, made by `this.return`. */
export interface TokenReturn {
  readonly [EMISSION]: { readonly return: unknown };
}

/** One token, call or return. */
export type OneEmitted<Out extends object> = Out | TokenCall<Out, Out> | TokenReturn;

/** What `next` may give: one, a list, or nothing. A list may have gaps: `[found, page.last ? undefined : more]`. */
export type Emitted<Out extends object> =
  | OneEmitted<Out>
  | readonly (OneEmitted<Out> | undefined)[]
  | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: a `next` without a return statement gives nothing
  | void;

/**
 * Writes down what `next` gave.
 * @param rule Name of the rule, for messages.
 * @throws MillraceError `token-invalid` for what is no token.
 */
export function emissionsOf(given: unknown, rule: string): readonly Emission[] {
  if (!Array.isArray(given)) return given === undefined ? [] : [emissionOf(given, { rule, place: "" })];
  return given.flatMap((each: unknown, i) =>
    each === undefined ? [] : [emissionOf(each, { rule, place: `, at place ${i} of its list,` })],
  );
}

function emissionOf(given: unknown, at: { readonly rule: string; readonly place: string }): Emission {
  if (typeof given === "object" && given !== null && EMISSION in given) {
    // Only `callEmitted` and `returnEmitted` make such objects.
    const made = (given as TokenCall<Token, Token> | TokenReturn)[EMISSION];
    return "call" in made ? { call: tokenOf(made.call, at), back: tokenOf(made.back, at) } : made;
  }
  return { token: tokenOf(given, at) };
}

function tokenOf(given: unknown, { rule, place }: { readonly rule: string; readonly place: string }): Token {
  const prototype: unknown = typeof given === "object" && given !== null ? Object.getPrototypeOf(given) : undefined;
  if (prototype === Object.prototype || prototype === null) return given as Token;
  throw new MillraceError("token-invalid", `Rule ${rule} gave${place} ${renderValue(given)} for a token.`, {
    hint: 'A token is a plain object: return { type: "found", … }, a list of them, or nothing.',
    data: { rule },
  });
}

/** What `this.call` gives. */
export function callEmitted<C extends object, T extends object>(call: C, back: T): TokenCall<C, T> {
  return { [EMISSION]: { call, back } };
}

/** What `this.return` gives. */
export function returnEmitted(value: unknown): TokenReturn {
  return { [EMISSION]: { return: value } };
}
