/** Holds a rule to the tokens that its types declare: what others rely on is refused before it is on record. */
import type { Emission, Emits } from "@millrace/core";
import { MillraceError, renderValue, undeclaredEmission } from "@millrace/core/thread";

const WHAT = {
  token: "a token",
  call: "a call with a token",
  back: "a call that goes back to",
  return: "a return",
} as const;

/** @throws MillraceError `token-undeclared`, naming the rule, the token and what is declared. */
export function checkEmitted(emissions: readonly Emission[], emits: Emits, rule: string): void {
  const found = undeclaredEmission(emits, emissions);
  if (!found) return;
  const { what, token, declared } = found;
  const may = declared.length === 0 ? "It declares none" : `There it may give ${declared.join(", ")}`;
  throw new MillraceError(
    "token-undeclared",
    `Rule ${rule} gave ${WHAT[what]}${token ? ` ${renderValue(token)}` : ""}, which its types do not declare. ${may}.`,
    {
      hint: "Declare it in what `next` gives: Rule<Page, Page | Found>. Then whoever looks at the rules knows of it.",
      data: { rule, what, token, declared },
    },
  );
}
