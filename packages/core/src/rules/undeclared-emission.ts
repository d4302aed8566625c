/** Whether what a firing gave is what its rule declares. Asked where the rule runs, so that a firing that breaks its word fails by itself. */
import { filtersOf, verdictOn } from "./match-filter.js";
import type { Emits, TokenShape } from "./rule-entry.js";
import type { Emission, Token } from "./rule-set.js";

/** An emission that is not declared: the part of it at fault, and what might stand there; empty if nothing might. */
export interface UndeclaredEmission {
  readonly what: "token" | "call" | "back" | "return";
  readonly token?: Token;
  /** Names of token types, sorted. */
  readonly declared: readonly string[];
}

/** What a rule may give, sorted by where it may stand; undefined: anything. */
interface Declared {
  tokens: TokenShape[] | undefined;
  calls: TokenShape[] | undefined;
  backs: TokenShape[] | undefined;
  returns: boolean;
}

/** The first emission that `emits` does not allow; undefined if all are. */
export function undeclaredEmission(emits: Emits, emissions: readonly Emission[]): UndeclaredEmission | undefined {
  const declared: Declared = { tokens: [], calls: [], backs: [], returns: false };
  collect(emits, "tokens", declared);
  for (const emission of emissions) {
    const found = check(emission, declared);
    if (found) return found;
  }
  return undefined;
}

function check(emission: Emission, { tokens, calls, backs, returns }: Declared): UndeclaredEmission | undefined {
  if ("token" in emission) return checkToken("token", emission.token, tokens);
  if ("call" in emission) {
    return checkToken("call", emission.call, calls) ?? checkToken("back", emission.back, backs);
  }
  return returns ? undefined : { what: "return", declared: [] };
}

function checkToken(
  what: UndeclaredEmission["what"],
  token: Token,
  allowed: readonly TokenShape[] | undefined,
): UndeclaredEmission | undefined {
  // What a shape says of all its tokens is a filter that all of them pass.
  if (!allowed || allowed.some(({ has }) => verdictOn(filtersOf({ filter: has }), { name: "", has: token }) === "must"))
    return undefined;
  return { what, token, declared: [...new Set(allowed.map(({ name }) => name))].sort() };
}

function collect(emits: Emits, where: "tokens" | "calls" | "backs", found: Declared): void {
  switch (emits.type) {
    case "token":
      found[where]?.push(emits.token);
      return;
    case "list":
      for (const each of emits.of) collect(each, where, found);
      return;
    case "branch":
      for (const arm of emits.arms) collect(arm, where, found);
      return;
    case "each":
      return collect(emits.of, where, found);
    case "call":
      collect(emits.enters, "calls", found);
      return collect(emits.back, "backs", found);
    case "return":
      found.returns = true;
      return;
    case "symbolic":
      found[where] = undefined;
      return;
    case "end":
      return;
  }
}
