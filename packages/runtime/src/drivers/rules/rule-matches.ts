/** Which rules match a token: their filters, and what the classes of the build say, which are loaded before they are asked. */
import {
  filtersOf,
  handlesErrors,
  isErrorToken,
  type MatchesToken,
  matchesFilters,
  type RuleSpec,
  type Token,
} from "@millrace/core";
import type { Code } from "../../builds/code.js";
import type { RuleMatch } from "../../builds/rule-match.js";

/** The matching of one body. */
export class RuleMatches {
  readonly #code: Code;
  /** By the id of the class. */
  readonly #classes = new Map<string, RuleMatch>();

  constructor(code: Code) {
    this.#code = code;
  }

  /** For an agenda. @throws MillraceError `rule-match-failed`. */
  readonly matches: MatchesToken = (rule: RuleSpec, token: Token) => {
    const id = classOf(rule);
    const groups = filtersOf(rule, id === undefined ? undefined : this.#code.manifest.tasks[id]?.rule);
    if (isErrorToken(token) && !handlesErrors(groups)) return false;
    return matchesFilters(groups, token) && (id === undefined || this.#classes.get(id)?.(token) === true);
  };

  /** Loads what rules need to be asked. @throws MillraceError `module-failed`. */
  async load(rules: readonly RuleSpec[]): Promise<void> {
    for (const rule of rules) {
      const id = classOf(rule);
      if (id === undefined || this.#classes.has(id)) continue;
      const entry = this.#code.resolve(id);
      // Rule sets are read against the build: what a rule names is a task of it.
      if (entry.kind === "task") this.#classes.set(id, await this.#code.loadMatch(entry));
    }
  }
}

function classOf({ run }: RuleSpec): string | undefined {
  return run && "rule" in run ? run.rule : undefined;
}
