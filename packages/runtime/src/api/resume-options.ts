/** The options of `resume`. */
import type { LocalFunction } from "@millrace/core";

/** How a run goes on. */
export interface ResumeOptions {
  /** `current`: the engine's build; `recorded`: the build that ran it last. Default `current`. */
  readonly code?: "current" | "recorded";
  /** Go on although the replay diverges from the record. */
  readonly accept?: boolean;
  /** Let a cancelled run go on. */
  readonly reopen?: boolean;
  /** Where records belong whose calls cannot be found again in changed code: site then → site now. */
  readonly map?: Readonly<Record<string, string>>;
  /** Sites whose records are not used: what they called runs again, with everything inside it. */
  readonly rerun?: readonly string[];
  /** Functions that the `local` nodes of its job graph run, beside those that the engine has: `scheduler.locals`. */
  readonly locals?: Readonly<Record<string, LocalFunction>>;
}
