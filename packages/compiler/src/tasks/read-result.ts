/** What `run` of a task or flow gives, awaited. */
import type { ClassDeclaration, MethodDeclaration, Node, Type } from "ts-morph";
import { classChain } from "./class-chain.js";

/** The result of a declaration as seen. */
export interface ResultFact {
  /** Awaited; undefined if there is no `run` to be found. */
  readonly type: Type | undefined;
  /** Where to point when the result is wrong: the return type, else the name of `run`. */
  readonly node: Node;
}

/** Reads the result of a class. */
export function readResult(node: ClassDeclaration): ResultFact {
  const run = classChain(node)
    .map((owner) => owner.getInstanceMethod("run"))
    .findLast((method) => method?.hasBody());
  const returned = returnedBy(run, node);
  const at = run?.getReturnTypeNode() ?? run?.getNameNode() ?? node.getNameNode() ?? node;
  return { type: returned && (returned.getAwaitedType() ?? returned), node: at };
}

/** As the class has it, whose base may be generic; of a method of its own that is what it declares. */
function returnedBy(run: MethodDeclaration | undefined, node: ClassDeclaration): Type | undefined {
  if (run?.getParent() === node && run.getOverloads().length === 0) return run.getReturnType();
  return node.getType().getProperty("run")?.getTypeAtLocation(node).getCallSignatures()[0]?.getReturnType();
}
