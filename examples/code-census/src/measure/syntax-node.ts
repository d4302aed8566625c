/** The little that measuring needs to know of a syntax tree: nodes have a type, a position, and fields that may hold nodes. */

/** A node of Babel's tree, seen generically. */
export interface SyntaxNode {
  /** Babel's node type, such as `IfStatement`. */
  readonly type: string;
  /** Where it stands; absent on synthetic nodes. */
  readonly loc?: { readonly start: { readonly line: number }; readonly end: { readonly line: number } } | null;
  readonly [field: string]: unknown;
}

/** True for a node, false for every other value that a field may hold. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

// These hold positions and remarks, never code.
const SKIPPED = new Set(["loc", "extra", "errors", "tokens", "comments"]);

/** Calls `visit` with each direct child, in order of the node's fields. */
export function forEachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void {
  for (const field in node) {
    const value = node[field];
    if (typeof value !== "object" || value === null || SKIPPED.has(field)) continue;
    if (Array.isArray(value)) {
      for (const entry of value) if (isNode(entry)) visit(entry);
    } else if (isNode(value)) visit(value);
  }
}
