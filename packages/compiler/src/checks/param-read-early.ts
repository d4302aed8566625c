/** Checks that no initialiser or constructor reads a parameter: parameters are assigned after construction. */
import { type ClassDeclaration, Node } from "ts-morph";
import { classOf } from "../project/declared.js";
import { classChain } from "../tasks/class-chain.js";
import type { Check } from "./check.js";

/** `param-read-early`. */
export const paramReadEarly: Check = ({ facts }, report) => {
  const seen = new Set<Node>();
  for (const { declared, params } of facts) {
    const owner = classOf(declared);
    const nodes = new Map(params.map((param) => [param.name, param.nameNode]));
    for (const layer of owner ? classChain(owner) : []) {
      for (const { name, node } of earlyReads(layer)) {
        const param = nodes.get(name);
        if (!param || seen.has(node)) continue;
        seen.add(node);
        report({
          code: "param-read-early",
          message: `"${name}" is read before it is assigned: parameters get their values after construction.`,
          node,
          related: [{ node: param, message: `"${name}" is a parameter` }],
          hint: "Use a getter, or compute it in run().",
          data: { param: name },
        });
      }
    }
  }
};

interface EarlyRead {
  readonly name: string;
  readonly node: Node;
}

function earlyReads(owner: ClassDeclaration): readonly EarlyRead[] {
  const initialisers = owner
    .getInstanceProperties()
    .flatMap((property) => (Node.isPropertyDeclaration(property) ? (property.getInitializer() ?? []) : []));
  const bodies = owner.getConstructors().flatMap((declaration) => declaration.getBody() ?? []);
  return [...initialisers, ...bodies].flatMap(readsOf);
}

/** Reads of `this.x` and `const { x } = this` that happen at once: what stands in a function happens later. */
function readsOf(root: Node): readonly EarlyRead[] {
  const reads: EarlyRead[] = [];
  const visit = (node: Node): void => {
    if (Node.isFunctionLikeDeclaration(node) || Node.isArrowFunction(node) || Node.isFunctionExpression(node)) return;
    if (Node.isPropertyAccessExpression(node) && Node.isThisExpression(node.getExpression()) && !isWritten(node)) {
      reads.push({ name: node.getName(), node });
    }
    if (Node.isVariableDeclaration(node) && Node.isThisExpression(node.getInitializer())) {
      const pattern = node.getNameNode();
      for (const element of Node.isObjectBindingPattern(pattern) ? pattern.getElements() : []) {
        reads.push({ name: element.getPropertyNameNode()?.getText() ?? element.getName(), node: element });
      }
    }
    node.forEachChild(visit);
  };
  visit(root);
  return reads;
}

function isWritten(node: Node): boolean {
  const parent = node.getParent();
  return Node.isBinaryExpression(parent) && parent.getLeft() === node && parent.getOperatorToken().getText() === "=";
}
