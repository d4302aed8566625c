/** The classes that a class inherits from, as far as their source is at hand. */
import type { ClassDeclaration } from "ts-morph";

/** The chain from the outermost base with source down to the class itself. */
export function classChain(node: ClassDeclaration): readonly ClassDeclaration[] {
  const chain: ClassDeclaration[] = [];
  for (let at: ClassDeclaration | undefined = node; at && !chain.includes(at); at = at.getBaseClass())
    chain.unshift(at);
  return chain;
}
