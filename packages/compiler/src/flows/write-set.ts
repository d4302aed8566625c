/**
 * Whether a callback provably writes nothing outside itself, so that a settled item of its map may be restored without
 * running it again. Conservative: what is not known to be harmless is a reason.
 */

import { type CallExpression, Node, SyntaxKind, ts } from "ts-morph";
import { unwrap } from "../calls/resolve-target.js";
import type { ProjectModel } from "../project/model.js";
import { objectOf } from "../project/nodes-of-kind.js";
import type { Analysis } from "./analysis.js";
import { type Callable, isCallable } from "./callables.js";
import { isAssignment } from "./is-assignment.js";

/** Globals whose functions write nothing that they are not handed to write. */
const HARMLESS_GLOBALS: ReadonlySet<string> = new Set([
  "Promise",
  "Math",
  "JSON",
  "Number",
  "String",
  "Boolean",
  "BigInt",
  "Array",
  "Object",
  "Symbol",
  "structuredClone",
  "parseInt",
  "parseFloat",
  "isNaN",
  "isFinite",
  "encodeURIComponent",
  "decodeURIComponent",
]);

/** Methods of built-in values that change nothing. */
const HARMLESS_METHODS: ReadonlySet<string> = new Set(
  (
    "at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast findLastIndex flat " +
    "flatMap forEach get has includes indexOf join keys lastIndexOf localeCompare map match matchAll normalize padEnd " +
    "padStart reduce reduceRight repeat replace replaceAll slice some split startsWith substring toFixed toISOString " +
    "toLocaleString toLowerCase toString toUpperCase trim trimEnd trimStart valueOf values then catch finally " +
    "toSorted toReversed toSpliced with getTime now random uuid"
  ).split(" "),
);

/** What the judgement needs to know of the project. */
type Known = Pick<Analysis, "model" | "callables" | "reach">;

/** `true`, or the first thing that the callback may write outside itself. */
export function whyOpen(analysis: Known, callback: Callable): true | { readonly reason: string } {
  const reason = findWrite(analysis, callback, new Set());
  return reason === undefined ? true : { reason };
}

function findWrite(analysis: Known, callable: Callable, seen: Set<Callable>): string | undefined {
  if (seen.has(callable)) return undefined;
  seen.add(callable);
  for (const node of writingNodes(callable)) {
    const target = writtenBy(node);
    if (target && !isOwn(target, callable)) return `it writes \`${target.getText()}\``;
    if (Node.isNewExpression(node)) {
      const name = node.getExpression().getText();
      if (!/^(Map|Set|Date|URL|Error|TypeError|RangeError|Array)$/.test(name)) return `it constructs \`${name}\``;
    }
    if (Node.isTaggedTemplateExpression(node)) return `it calls \`${node.getTag().getText()}\``;
    if (!Node.isCallExpression(node)) continue;
    const reason = reasonOfCall(analysis, node, callable, seen);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function reasonOfCall(
  analysis: Known,
  node: CallExpression,
  callable: Callable,
  seen: Set<Callable>,
): string | undefined {
  if (analysis.reach.calls.has(node)) return undefined;
  const targets = analysis.callables.ofCall(node);
  if (targets.length > 0) {
    return targets.map((target) => findWrite(analysis, target, seen)).find((reason) => reason !== undefined);
  }
  const callee = unwrap(node.getExpression());
  if (Node.isIdentifier(callee) && HARMLESS_GLOBALS.has(callee.getText())) return undefined;
  if (Node.isPropertyAccessExpression(callee)) {
    const receiver = callee.getExpression();
    const name = callee.getName();
    if (receiver.getText() === "Object" && /^(assign|define|setPrototypeOf|freeze|seal)/.test(name)) {
      const [first] = node.getArguments();
      return first && isOwn(first, callable) ? undefined : `it calls \`Object.${name}\``;
    }
    if (Node.isIdentifier(receiver) && HARMLESS_GLOBALS.has(receiver.getText())) return undefined;
    if (isLogOfFlow(receiver, analysis.model)) return undefined;
    if (HARMLESS_METHODS.has(name) || isOwn(receiver, callable)) return undefined;
  }
  return `it calls \`${callee.getText()}\`, which is not known to write nothing`;
}

/** Lines of a flow's log are no state: a body that catches up is silent. */
function isLogOfFlow(receiver: Node, model: ProjectModel): boolean {
  if (!Node.isPropertyAccessExpression(receiver) || receiver.getName() !== "log") return false;
  return model.isFlow(receiver.getExpression().getType());
}

/** Nodes below a function that may write, in the order of the source. */
function writingNodes(callable: Callable): readonly Node[] {
  const file = callable.getSourceFile();
  const found: Node[] = [];
  const visit = (node: ts.Node): void => {
    if (WRITING.has(node.kind)) found.push(objectOf(node, file));
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(callable.compilerNode, visit);
  return found;
}

const WRITING: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.BinaryExpression,
  SyntaxKind.PrefixUnaryExpression,
  SyntaxKind.PostfixUnaryExpression,
  SyntaxKind.DeleteExpression,
  SyntaxKind.NewExpression,
  SyntaxKind.TaggedTemplateExpression,
  SyntaxKind.CallExpression,
]);

/** The expression that a node writes to. */
function writtenBy(node: Node): Node | undefined {
  if (Node.isBinaryExpression(node) && isAssignment(node.getOperatorToken().getKind())) {
    return node.getLeft();
  }
  if (Node.isPrefixUnaryExpression(node) || Node.isPostfixUnaryExpression(node)) {
    const token = node.getOperatorToken();
    if (token === SyntaxKind.PlusPlusToken || token === SyntaxKind.MinusMinusToken) return node.getOperand();
  }
  return Node.isDeleteExpression(node) ? node.getExpression() : undefined;
}

/** True for variables of the function, and for members of objects that it made itself. */
function isOwn(target: Node, callable: Callable): boolean {
  let root: Node = target;
  let member = false;
  while (
    Node.isPropertyAccessExpression(root) ||
    Node.isElementAccessExpression(root) ||
    Node.isNonNullExpression(root)
  ) {
    member ||= !Node.isNonNullExpression(root);
    root = root.getExpression();
  }
  if (!Node.isIdentifier(root)) return Node.isObjectLiteralExpression(root) || Node.isArrayLiteralExpression(root);
  const declarations = root.getSymbol()?.getDeclarations() ?? [];
  return (
    declarations.length > 0 &&
    declarations.every((d) => {
      if (!d.getAncestors().includes(callable)) return false;
      // A member of a parameter or of something fetched may be seen from outside; a fresh literal may not.
      const initializer = Node.isVariableDeclaration(d) ? d.getInitializer() : undefined;
      const bare = initializer && unwrap(initializer);
      const fresh =
        Node.isObjectLiteralExpression(bare) || Node.isArrayLiteralExpression(bare) || Node.isNewExpression(bare);
      return (!member && !isCallReceiver(target)) || fresh;
    })
  );
}

function isCallReceiver(target: Node): boolean {
  const parent = target.getParent();
  return (
    Node.isPropertyAccessExpression(parent) &&
    isCallable(parent.getParent()) === false &&
    Node.isCallExpression(parent.getParent())
  );
}
