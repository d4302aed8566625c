/** Reads the options of a declaration as literals, leniently: the argument of `@task`, `options` of `defineTask`. */
import { Node } from "ts-morph";
import { readConstant } from "./read-constant.js";

/** Options as seen. */
export interface OptionsFact {
  /** What could be read; `id` too, where it stands among them. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Name of each option → its node. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Parts that are no literal. */
  readonly unreadable: readonly Node[];
}

/** Reads options. */
export function readOptions(argument: Node | undefined): OptionsFact {
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
      value[name] = constant.value;
    }
  }
  return { value, nodes, unreadable };
}
