import { Node } from "ts-morph";

/** What a chain of accesses and calls begins with: `list` of `list.items[0].read()`. */
export function rootOf(node: Node): Node {
  let at = node;
  while (Node.isPropertyAccessExpression(at) || Node.isCallExpression(at) || Node.isElementAccessExpression(at))
    at = at.getExpression();
  return at;
}
