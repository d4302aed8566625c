/** McCabe's decision points: where control can go two ways. */
import type { SyntaxNode } from "./syntax-node.js";

const BRANCHING = new Set([
  "IfStatement",
  "ConditionalExpression",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "CatchClause",
  // `&&`, `||` and `??`
  "LogicalExpression",
]);

const LOGICAL_ASSIGNMENTS = new Set(["&&=", "||=", "??="]);

/** True if the node itself, without its children, adds one path: `default:` does not, `case x:` does. */
export function isDecisionPoint(node: SyntaxNode): boolean {
  if (BRANCHING.has(node.type)) return true;
  if (node.type === "SwitchCase") return node.test !== null;
  return node.type === "AssignmentExpression" && LOGICAL_ASSIGNMENTS.has(String(node.operator));
}
