/** Checks that `@param()` stands on public instance fields: only those can be given by a caller. */
import { Node, SyntaxKind } from "ts-morph";
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
        // The word that makes it so; a method, an accessor or a computed name has none.
        node: modifierOf(member) ?? decorator,
        hint: "Parameters are public instance fields: @param() city!: string; — remove @param() from everything else.",
      });
    }
  }
};

function modifierOf(member: Node): Node | undefined {
  if (!Node.isModifierable(member)) return undefined;
  return member
    .getModifiers()
    .find((modifier) =>
      [SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword, SyntaxKind.StaticKeyword].includes(modifier.getKind()),
    );
}
