/** What starts a run of a rule set, beside the set itself. */
import type { JobBuild } from "../job-graph/job-build.js";
import type { LocalFunction } from "../job-graph/local-function.js";
import type { RuleSet } from "./rule-set.js";

/** Anything that can be written down as a rule set. */
export interface ToRuleSet {
  toRuleSet(): RuleSet;
  /** What its rules run as `local`, by name: for the run that is started, beside what the engine has. */
  readonly locals?: Readonly<Record<string, LocalFunction>>;
  /** The tasks, flows and rules that it names, as classes: the engine says at once if it has not got one. */
  readonly classes?: readonly unknown[];
  /**
   * Looks at what was written, which knows more than the document: called with what the build has, before anything begins.
   * @throws MillraceError in the words of whoever wrote it.
   */
  check?(build: JobBuild): void;
}
