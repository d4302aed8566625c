/**
 * Rule sets: runs that are data and grow while they run. Tokens come in, every rule that matches one fires, and what a firing gives are tokens
 * again; the run is over when no token is left. Front ends make rule sets, the rules driver runs them (runtime/src/drivers/rules).
 */
import type { JobGraph, JobParam, JobRun } from "../job-graph/job-graph.js";
import type { Duration } from "../options/duration.js";
import type { StepOptions } from "../options/step-options.js";

/** Version of this document. */
export const RULES_VERSION = 1;

/** Name of a rule set that gives itself none. */
export const UNNAMED_RULES = "rules";

/** What rules match: an object of plain values. Most have a `type`. */
export type Token = Readonly<Record<string, unknown>>;

/** What becomes of a token that no rule matches. */
export type UnmatchedPolicy =
  /** It is let go. */
  | "ignore"
  /** The run goes on, and has failed at its end. */
  | "error"
  /** It is kept: in the run's log, in its result, and for whoever asks what became of its tokens. */
  | "dead-letter";

/** Every policy. */
export const UNMATCHED_POLICIES: readonly UnmatchedPolicy[] = ["ignore", "error", "dead-letter"];

/** A rule set. */
export interface RuleSet {
  readonly version: typeof RULES_VERSION;
  /** Stands in lists and keys where the id of a flow does. Default `rules`. */
  readonly name?: string;
  /** In order: those that match one token fire in this order. */
  readonly rules: readonly RuleSpec[];
  /** What it begins with. */
  readonly tokens: readonly GivenToken[];
  /** What parameters and new tokens may name as `vars.x`. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Default `dead-letter`. */
  readonly unmatched?: UnmatchedPolicy;
  readonly limits?: RuleLimits;
  /** Most firings that run at once. No limit if absent. */
  readonly window?: number;
  /** Longest time of the whole run. */
  readonly timeout?: Duration;
  /** The run goes on when no token is left, and waits for more until it is told to close. */
  readonly open?: boolean;
}

/** When a run that may never end is ended: it fails, and the error shows the chain of rules that led there. */
export interface RuleLimits {
  /** Longest chain of firings, each on a token of the one before. Default 1,000. */
  readonly depth?: number;
  /** Most tokens in all. Default 100,000. */
  readonly tokens?: number;
  /** Most calls that have not returned, one inside the other. Default 1,000. */
  readonly stack?: number;
}

/** The limits where none are given. */
export const RULE_LIMITS: Required<RuleLimits> = { depth: 1_000, tokens: 100_000, stack: 1_000 };

/** A token from outside. */
export interface GivenToken {
  /** Unique in the run: a token that comes again under its id is not taken again. Default: its place among the tokens. */
  readonly id?: string;
  readonly body: Token;
}

/** One rule: which tokens it matches, what it runs for each of them, and what tokens follow. */
export interface RuleSpec {
  /** Unique in its set; formed as the id of a node. */
  readonly name: string;
  /** Every key of it is in the token with an equal value, at any depth; `{}` matches all. Absent for a rule of the build that says it by itself. */
  readonly filter?: Token;
  /** What runs; absent: nothing, and the tokens follow at once. */
  readonly run?: RuleRun;
  /** Parameters of what runs. References name `token`, `vars` and paths into them. Not for `rule`, which is given the token. */
  readonly params?: Readonly<Record<string, JobParam>>;
  readonly options?: StepOptions;
  /** The tokens that follow; references may name `result`, too. Not for `rule`. */
  readonly next?: readonly NextToken[];
  /** What is done when it fails. Default: an error token, see `ErrorToken`. */
  readonly onError?: RuleOnError;
}

/** What a rule runs. `rule`: id of a `Rule` class of the build, which is given the token and whose `next` gives the tokens that follow. */
export type RuleRun = Exclude<JobRun, { readonly graph: JobGraph }> | { readonly rule: string };

/** What follows a failure, in place of an error token. */
export interface RuleOnError {
  /** So often it is tried again first: as the option `retry.attempts`, less one. */
  readonly repeat?: number;
  /** Tokens in place of the error token; references may name `error`, too (`error.message`). */
  readonly next?: readonly NextToken[];
}

/** One or more new tokens, or a return. */
export type NextToken = (
  | {
      readonly token: JobParam;
      /** It is a call: when a rule returns from it, this token follows, with what was returned as `returned`. */
      readonly back?: JobParam;
    }
  /** Goes back to where the innermost call says, with this value. */
  | { readonly return: JobParam }
) & {
  /** A list: one for each of its items, which references name as `item`. */
  readonly each?: JobParam;
};

/** What a firing gives, as it stands on record: the result of its step. */
export type Emission =
  | { readonly token: Token }
  /** `back` follows when a rule returns from the call. */
  | { readonly call: Token; readonly back: Token }
  | { readonly return: unknown };

/** What is sent to a going run as message `rules`; a message `token` brings a token, whose body it is. */
export type RuleChange =
  /** A token with an id of its own: the second of that id is not taken. */
  | { readonly token: GivenToken }
  /** A rule, for matches from here on; one of that name is replaced, in its place. */
  | { readonly add: RuleSpec }
  /** Name of a rule that matches no more. What it has begun goes on. */
  | { readonly remove: string }
  /** Id of a token that a breakpoint holds: it is let go, unmatched. */
  | { readonly drop: string }
  /** A token that a breakpoint holds has another body. */
  | { readonly edit: string; readonly body: Token }
  /** The run ends when no token is left. */
  | { readonly close: true };

/** The token of a failure: an error is matched as any other. One of an error token fails the run instead, so that errors do not loop. */
export interface ErrorToken {
  readonly _error: true;
  /** The rule that failed. */
  readonly rule: string;
  /** The token that it was given. */
  readonly body: Token;
  readonly error: { readonly name: string; readonly message: string; readonly code?: string };
}

/** The name that a rule set goes by. */
export function rulesName({ name = UNNAMED_RULES }: RuleSet): string {
  return name;
}
