/** Checks that `@param()` stands on public instance fields: only those can be given by a caller. */
import type { Check } from "./check.js";

/** `param-not-public`. */
export const paramPlacement: Check = ({ facts }, report) => {
  const seen = new Set<unknown>();
  for (const { declared, misplacedParams } of facts) {
    for (const { member, decorator, what } of misplacedParams) {
      if (seen.has(member)) continue; // inherited by more than one declaration
      seen.add(member);
      report({
        code: "param-not-public",
        message: `@param() of ${declared.className} stands on a member that is ${what}.`,
        node: decorator,
        hint: "Parameters are public instance fields: @param() city!: string; — remove @param() from everything else.",
      });
    }
  }
};
