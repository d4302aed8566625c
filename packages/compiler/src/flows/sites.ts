/**
 * Gives every expression that leads to a step its site: once for each declaration, whatever flow reaches it, so that
 * moving a file or inserting the call of another task changes none. The form is core's identity/site.ts.
 */
import { basename } from "node:path";
import { formatSite, type Site } from "@millrace/core";
import { type CallExpression, Node, SyntaxKind } from "ts-morph";
import { combinatorOf } from "../calls/combinators.js";
import { plainText, unwrap } from "../calls/resolve-target.js";
import type { ProjectModel } from "../project/model.js";
import { isCallable } from "./callables.js";
import { type Invocation, iteratedBy } from "./implicit-calls.js";
import type { Reach } from "./reach.js";

/** Site of each call, and of what runs a helper without being a call, if it leads to a step. */
export type Sites = ReadonlyMap<Invocation, Site>;

/** Assigns all sites of the project. */
export function assignSites(model: ProjectModel, reach: Reach): Sites {
  const nodes = [...new Set([...reach.calls.keys(), ...reach.procedures.keys(), ...reach.callbacks.keys()])];
  const order = new Map(model.files.map((file, index) => [file, index]));
  const place = (node: Node): number => order.get(node.getSourceFile()) ?? 0;
  nodes.sort((a, b) => place(a) - place(b) || a.getStart() - b.getStart() || b.getEnd() - a.getEnd());
  const owners = nameOwners(nodes, ownerNames(model));
  const counts = new Map<string, number>();
  const sites = new Map<Invocation, Site>();
  for (const node of nodes) {
    const parts = { owner: owners(node), callee: calleeOf(node, reach), receiver: receiverOf(model, node) };
    const base = formatSite({ ...parts, n: 1 });
    const n = (counts.get(base) ?? 0) + 1;
    counts.set(base, n);
    sites.set(node, formatSite({ ...parts, n }));
  }
  return sites;
}

/** The callee part. */
function calleeOf(node: Invocation, reach: Reach): string {
  if (!Node.isCallExpression(node)) return implicitCallee(node);
  const call = reach.calls.get(node);
  if (!call) return reach.callbacks.get(node)?.method ?? plainText(node.getExpression());
  if (call.name?.literal !== undefined) return `name:${call.name.literal}`;
  if (call.method === "map") return "map";
  if (call.method === "sleep") return "sleep";
  if (call.method === "step") return `step:${stepName(node) ?? "?"}`;
  if (call.method === "waitFor") return `wait:${stepName(node) ?? "?"}`;
  return call.target?.text ?? "call";
}

/** What is read, the tag, or what is iterated over. */
function implicitCallee(node: Exclude<Invocation, CallExpression>): string {
  if (Node.isPropertyAccessExpression(node)) return plainText(node);
  if (Node.isTaggedTemplateExpression(node)) return plainText(node.getTag());
  const iterated = iteratedBy(node);
  const bare = iterated && unwrap(iterated);
  if (Node.isCallExpression(bare) || Node.isNewExpression(bare)) return plainText(bare.getExpression());
  return bare ? plainText(bare) : "";
}

/** The literal name of a `step` or a `waitFor`; undefined if it is computed. */
export function stepName(node: CallExpression): string | undefined {
  const [first] = node.getArguments().filter(Node.isExpression);
  const bare = first && unwrap(first);
  return bare && (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare))
    ? bare.getLiteralText()
    : undefined;
}

/** The owner part. A file's stem comes before it while two files use the same name. */
function nameOwners(nodes: readonly Invocation[], ownerName: (node: Node) => string): (node: Invocation) => string {
  const files = new Map<string, Set<string>>();
  for (const node of nodes) {
    const name = ownerName(node);
    files.set(name, (files.get(name) ?? new Set()).add(node.getSourceFile().getFilePath()));
  }
  return (node) => {
    const name = ownerName(node);
    const path = node.getSourceFile().getFilePath();
    const others = [...(files.get(name) ?? [])].filter((other) => other !== path);
    return others.length === 0 ? name : `${shortestTail(path, others)}:${name}`;
  };
}

/** The stem, with as many folders before it as tell it from the others. */
function shortestTail(path: string, others: readonly string[]): string {
  const parts = path.replace(/\.[cm]?[jt]sx?$/, "").split("/");
  for (let count = 1; count < parts.length; count += 1) {
    const tail = parts.slice(-count).join("/");
    if (!others.some((other) => other.replace(/\.[cm]?[jt]sx?$/, "").endsWith(`/${tail}`))) return tail;
  }
  return basename(path);
}

/**
 * Qualified name of the nearest named declaration that holds a node: `Class.method`, `load`, `Class.method.inner`, and
 * `cityReport.run` for the function of a constant that `defineFlow` made.
 */
function ownerNames(model: ProjectModel): (node: Node) => string {
  const definitions = new Map<Node, string>();
  for (const { form, className } of model.declarations) {
    if (form.type === "function") {
      definitions.set(form.node, Node.isVariableDeclaration(form.holder) ? className : "default");
    }
  }
  return (node) => {
    const names: string[] = [];
    for (const ancestor of node.getAncestors()) {
      const name = definitions.get(ancestor) ?? nameOfDeclaration(ancestor);
      if (name !== undefined) names.unshift(name);
    }
    return names.length > 0 ? names.join(".") : "module";
  };
}

function nameOfDeclaration(node: Node): string | undefined {
  if (Node.isClassDeclaration(node) || Node.isFunctionDeclaration(node)) return node.getName() ?? "default";
  if (
    Node.isMethodDeclaration(node) ||
    Node.isGetAccessorDeclaration(node) ||
    Node.isSetAccessorDeclaration(node) ||
    Node.isPropertyDeclaration(node)
  ) {
    return node.getName();
  }
  if (Node.isConstructorDeclaration(node)) return "constructor";
  if (Node.isArrowFunction(node) || Node.isFunctionExpression(node) || Node.isClassExpression(node)) {
    const parent = node.getParent();
    if (Node.isVariableDeclaration(parent) || Node.isPropertyAssignment(parent)) return parent.getName();
  }
  return undefined;
}

/** The receiver part: what gets the value through await, combinators and destructuring. */
function receiverOf(model: ProjectModel, node: Invocation): string {
  /** Index in the array literals passed on the way up, innermost first. */
  const indexes: number[] = [];
  for (let at: Node = node; ; ) {
    const parent = at.getParent();
    if (!parent) return "";
    if (isTransparent(model, parent, at)) {
      if (Node.isArrayLiteralExpression(parent)) indexes.push(positionIn(parent.getElements(), at));
      at = parent;
      continue;
    }
    if (Node.isVariableDeclaration(parent)) return boundName(parent.getNameNode(), indexes);
    if (Node.isPropertyAssignment(parent) || Node.isPropertyDeclaration(parent)) return parent.getName();
    if (
      Node.isBinaryExpression(parent) &&
      parent.getOperatorToken().getText().endsWith("=") &&
      parent.getRight() === at
    ) {
      const left = unwrap(parent.getLeft());
      if (Node.isPropertyAccessExpression(left)) return left.getName();
      return boundName(left, indexes);
    }
    if (Node.isReturnStatement(parent) || (isCallable(parent) && Node.isArrowFunction(parent))) return "return";
    return "";
  }
}

function positionIn(elements: readonly Node[], element: Node): number {
  return elements.indexOf(element);
}

function isTransparent(model: ProjectModel, parent: Node, child: Node): boolean {
  if (
    Node.isAwaitExpression(parent) ||
    Node.isParenthesizedExpression(parent) ||
    Node.isAsExpression(parent) ||
    Node.isSatisfiesExpression(parent) ||
    Node.isNonNullExpression(parent) ||
    Node.isArrayLiteralExpression(parent)
  ) {
    return true;
  }
  if (Node.isConditionalExpression(parent)) return parent.getCondition() !== child;
  if (Node.isBinaryExpression(parent)) {
    const kind = parent.getOperatorToken().getKind();
    return (
      kind === SyntaxKind.BarBarToken ||
      kind === SyntaxKind.AmpersandAmpersandToken ||
      kind === SyntaxKind.QuestionQuestionToken
    );
  }
  return (
    Node.isCallExpression(parent) && combinatorOf(model, parent) !== undefined && parent.getArguments()[0] === child
  );
}

function boundName(pattern: Node, indexes: readonly number[]): string {
  if (Node.isIdentifier(pattern)) return pattern.getText();
  const index = indexes.at(-1);
  if (Node.isArrayBindingPattern(pattern)) {
    const element = pattern.getElements()[index ?? 0];
    return Node.isBindingElement(element) ? boundName(element.getNameNode(), indexes.slice(0, -1)) : "";
  }
  if (Node.isArrayLiteralExpression(pattern)) {
    const element = pattern.getElements()[index ?? 0];
    return element ? boundName(element, indexes.slice(0, -1)) : "";
  }
  if (Node.isObjectBindingPattern(pattern)) {
    const [element] = pattern.getElements();
    return element ? boundName(element.getNameNode(), indexes) : "";
  }
  return "";
}
