/** Which rules match a token: their filters, and what the classes of the build say, which are loaded before they are asked. */
import {
  filtersOf,
  handlesErrors,
  isErrorToken,
  type MatchesToken,
  matchesFilters,
  type RuleSpec,
  type TaskEntry,
  type Token,
} from "@millrace/core";
import type { Code } from "../../builds/code.js";
import type { RuleMatch } from "../../builds/rule-match.js";

/** The matching of one body. */
export class RuleMatches {
  readonly #code: Code;
  readonly #matches = new Map<RuleSpec, RuleMatch>();
  /** By the id of the class. */
  readonly #classes = new Map<string, RuleMatch>();

  constructor(code: Code) {
    this.#code = code;
  }

  /** For an agenda, whose rules have been loaded. @throws MillraceError `rule-match-failed`. */
  readonly matches: MatchesToken = (rule: RuleSpec, token: Token) => this.#matches.get(rule)?.(token) === true;

  /** Makes rules ready to be asked. @throws MillraceError `module-failed`. */
  async load(rules: readonly RuleSpec[]): Promise<void> {
    for (const rule of rules) this.#matches.set(rule, await this.#matchOf(rule));
  }

  /** What does not depend on the token is looked up here, once. */
  async #matchOf(rule: RuleSpec): Promise<RuleMatch> {
    const entry = this.#classOf(rule);
    const own = filtersOf(rule);
    const isForErrors = handlesErrors(filtersOf(rule, entry?.rule));
    const ofClass = entry ? await this.#classMatch(entry) : () => true;
    return (token) => (isForErrors || !isErrorToken(token)) && matchesFilters(own, token) && ofClass(token);
  }

  #classOf({ run }: RuleSpec): TaskEntry | undefined {
    const entry = run && "rule" in run ? this.#code.resolve(run.rule) : undefined;
    // Rule sets are read against the build: what a rule names is a task of it.
    return entry as TaskEntry | undefined;
  }

  async #classMatch(entry: TaskEntry): Promise<RuleMatch> {
    const match = this.#classes.get(entry.id) ?? (await this.#code.loadMatch(entry));
    this.#classes.set(entry.id, match);
    return match;
  }
}
