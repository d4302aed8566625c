/** Which binary operators write to what stands on their left. */
import { SyntaxKind } from "ts-morph";

/** True for `=` and every compound of it: `+=`, `>>>=`, `??=`. */
export function isAssignment(operator: SyntaxKind): boolean {
  return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
}
