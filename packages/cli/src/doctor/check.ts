/** What a check of `flow doctor` is: it looks at a site that was read before, and gives one line and a remedy. */
import { type DoctorCheck, isMillraceError } from "@millrace/core";
import type { DoctorSite } from "./doctor-site.js";

/** What a check says; its name comes from the list of checks. */
export type Verdict = Omit<DoctorCheck, "name">;

/** A check. Undefined: there is nothing to look at, or what is wrong is said by another check. */
export type Check = (site: DoctorSite) => Verdict | undefined | Promise<Verdict | undefined>;

/** All is well. */
export function ok(finding: string): Verdict {
  return { state: "ok", finding };
}

/** It works, and something is amiss. */
export function warning(finding: string, remedy: string, data?: DoctorCheck["data"]): Verdict {
  return { state: "warning", finding, remedy, ...(data === undefined ? {} : { data }) };
}

/** It does not work. */
export function problem(finding: string, remedy: string, data?: DoctorCheck["data"]): Verdict {
  return { state: "problem", finding, remedy, ...(data === undefined ? {} : { data }) };
}

/** What could not be read, in the words of the error that said so. */
export function failure(error: unknown): Verdict {
  if (isMillraceError(error))
    return problem(error.message, error.hint ?? "docs/errors.md says what to do.", error.data);
  return problem(
    `This cannot be looked at: ${error instanceof Error ? error.message : String(error)}`,
    "Mend what the message names. If nothing is wrong there, it is a bug in Millrace: please report it.",
  );
}
