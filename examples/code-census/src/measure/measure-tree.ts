/** Walks a syntax tree once: every function with its cyclomatic complexity, every import. */
import { isDecisionPoint } from "./decision-points.js";
import { givenName, isFunction, ownName } from "./function-name.js";
import { type ModuleImport, moduleImport } from "./module-import.js";
import { forEachChild, type SyntaxNode } from "./syntax-node.js";

/** One function of a file. */
export interface FunctionMeasure {
  /** As people call it; `(anonymous)` if nothing names it. */
  readonly name: string;
  /** Where it starts, from 1. */
  readonly line: number;
  /** Lines from its first to its last. */
  readonly lines: number;
  /** 1 + its decision points; those of functions inside it count there. */
  readonly complexity: number;
}

/** What a tree holds. */
export interface TreeMeasure {
  /** In order of their start in the source. */
  readonly functions: readonly FunctionMeasure[];
  /** Decision points outside all functions. */
  readonly topLevel: number;
  /** In order of the source. */
  readonly imports: readonly ModuleImport[];
}

/** Measures a tree. Iterative: real code nests deeper than a thread's stack. */
export function measureTree(root: SyntaxNode): TreeMeasure {
  const functions: { name: string; line: number; lines: number; complexity: number }[] = [];
  const imports: ModuleImport[] = [];
  const names = new Map<SyntaxNode, string>();
  let topLevel = 0;

  // Parallel stacks: a node, and the index of the function that it stands in (-1 outside all).
  const nodes: SyntaxNode[] = [root];
  const owners: number[] = [-1];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    let owner = owners.pop() ?? -1;
    if (isFunction(node)) {
      const start = node.loc?.start.line ?? 1;
      const lines = (node.loc?.end.line ?? start) - start + 1;
      owner =
        functions.push({ name: ownName(node) ?? names.get(node) ?? "(anonymous)", line: start, lines, complexity: 1 }) -
        1;
    } else if (isDecisionPoint(node)) {
      const fn = functions[owner];
      if (fn) fn.complexity += 1;
      else topLevel += 1;
    }
    const asked = moduleImport(node);
    if (asked) imports.push(asked);
    const given = givenName(node);
    if (given) names.set(given.fn, given.name);

    const first = nodes.length;
    forEachChild(node, (child) => {
      nodes.push(child);
      owners.push(owner);
    });
    // The last pushed is visited first: turned round, the walk follows the source.
    reverseFrom(nodes, first);
  }
  return { functions, topLevel, imports };
}

function reverseFrom(list: SyntaxNode[], first: number): void {
  for (let low = first, high = list.length - 1; low < high; low += 1, high -= 1) {
    const swap = list[low] as SyntaxNode; // both indices are inside the list
    list[low] = list[high] as SyntaxNode;
    list[high] = swap;
  }
}
