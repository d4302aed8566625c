/** What a build knows of a rule class: which tokens it matches and which tokens may follow. Part of its entry in the manifest. */
import type { Token } from "./rule-set.js";

/** A rule, beside what it has as a task. */
export interface RuleEntry {
  /** One of these has to match: the constant properties of its token type, with `when` of its decorator. */
  readonly filters: readonly Token[];
  /** It has a `match` of its own, which is asked when a filter matches. */
  readonly match?: true;
  /** What may follow a firing. */
  readonly emits: Emits;
}

/** Tokens, as far as they are known before there is one. */
export interface TokenShape {
  /** For people: the `type` of the tokens, else the name of their type. */
  readonly name: string;
  /** What all of them have, at any depth. */
  readonly has: Token;
  /** What they may have beside it, by name; absent for tokens of a type, which may have anything. */
  readonly others?: readonly string[];
}

/** What may follow a firing, in words that nest. */
export type Emits =
  /** One token. */
  | { readonly type: "token"; readonly token: TokenShape }
  /** All of these. */
  | { readonly type: "list"; readonly of: readonly Emits[] }
  /** One of these. */
  | { readonly type: "branch"; readonly arms: readonly Emits[] }
  /** Any number of times. */
  | { readonly type: "each"; readonly of: Emits }
  /** Into rules that may return; then, back to what follows the call. */
  | { readonly type: "call"; readonly enters: Emits; readonly back: Emits }
  /** Back to where the innermost call says. */
  | { readonly type: "return" }
  /** Known only while running. `from`: it is the token of the firing or the part of it at this path, so that those who gave it tell. */
  | { readonly type: "symbolic"; readonly reason: string; readonly from?: readonly string[] }
  /** Nothing. */
  | { readonly type: "end" };

/** What may follow where no type tells: any token, a call, a return. */
export function emitsAnything(reason: string): Emits {
  const symbolic: Emits = { type: "symbolic", reason };
  return { type: "branch", arms: [symbolic, { type: "call", enters: symbolic, back: symbolic }, { type: "return" }] };
}
