/** Reads the argument of `@task` or `@flow` as literals, leniently. */
import { type Decorator, Node } from "ts-morph";
import { readConstant } from "./read-constant.js";

/** The decorator's argument as seen. */
export interface OptionsFact {
  /** What could be read, `id` left out. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Name of each option → its node. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Parts that are no literal. */
  readonly unreadable: readonly Node[];
}

/** Reads the options of a declaration. */
export function readOptions(decorator: Decorator): OptionsFact {
  const [argument] = decorator.getArguments();
  if (argument === undefined) return { value: {}, nodes: new Map(), unreadable: [] };
  if (!Node.isObjectLiteralExpression(argument)) return { value: {}, nodes: new Map(), unreadable: [argument] };
  const value: Record<string, unknown> = {};
  const nodes = new Map<string, Node>();
  const unreadable: Node[] = [];
  for (const property of argument.getProperties()) {
    const constant = Node.isPropertyAssignment(property) ? readConstant(property.getInitializer()) : undefined;
    const name = property.getSymbol()?.getName();
    if (constant === undefined || name === undefined) unreadable.push(property);
    else {
      nodes.set(name, property);
      if (name !== "id") value[name] = constant.value;
    }
  }
  return { value, nodes, unreadable };
}
