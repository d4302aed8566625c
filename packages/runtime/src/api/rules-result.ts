/** What a run of rules gives. */
import type { Token } from "@millrace/core";

/** The result of a rule set. */
export interface RulesResult {
  /** Tokens in all. */
  readonly tokens: number;
  readonly firings: number;
  /** Those that no rule matched, unless the set ignores them. */
  readonly unmatched: readonly { readonly id: string; readonly body: Token }[];
}
