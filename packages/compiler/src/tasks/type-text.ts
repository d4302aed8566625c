/** Types as people read them: short, on one line, without machine paths. */
import { type Node, type Type, TypeFormatFlags } from "ts-morph";

const FLAGS = TypeFormatFlags.NoTruncation | TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/** TypeScript text of a type as seen at a node. */
export function typeText(type: Type, at: Node): string {
  return type.getText(at, FLAGS).replace(/import\("[^"]*"\)\./g, "");
}
