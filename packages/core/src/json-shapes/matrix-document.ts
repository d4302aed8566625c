/** The document of `flow matrix --json`. */
import type { TokenLineage } from "../rules/rule-lineage.js";

/** Which rules of a run produced which, and what became of its tokens. */
export interface MatrixDocument {
  readonly run: string;
  /** Name of the rule set. */
  readonly rules: string;
  /** Where tokens come from (`null`: from outside), and on how many of them each rule fired. */
  readonly matrix: readonly MatrixRow[];
  /** In the order in which they came. */
  readonly tokens: readonly TokenLineage[];
  /** Ids of tokens that a breakpoint holds. */
  readonly held: readonly string[];
}

/** The tokens of one origin. */
export interface MatrixRow {
  /** The rule that gave them; null for tokens from outside. */
  readonly from: string | null;
  readonly tokens: number;
  /** By rule; a token counts for each rule that fired on it. Rules that never fired on them are left out. */
  readonly fired: Readonly<Record<string, number>>;
  /** Those that no rule has fired on, unless they are held, were dropped, or the run is not over. */
  readonly unmatched: number;
}
