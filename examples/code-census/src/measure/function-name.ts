/** What people call a function: its own name, else that of the place which it is put into. */
import { isNode, type SyntaxNode } from "./syntax-node.js";

const FUNCTIONS = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ObjectMethod",
  "ClassMethod",
  "ClassPrivateMethod",
]);

/** True for a function that has a body. Declarations without one are other node types. */
export function isFunction(node: SyntaxNode): boolean {
  return FUNCTIONS.has(node.type);
}

/** The name that a function carries itself, or undefined. */
export function ownName(fn: SyntaxNode): string | undefined {
  return isNode(fn.id) ? nameOf(fn.id) : isNode(fn.key) ? nameOf(fn.key) : undefined;
}

/** If `parent` puts a function under a name, that function and the name: `const f = () => …`, `a.b = function …`. */
export function givenName(parent: SyntaxNode): { readonly fn: SyntaxNode; readonly name: string } | undefined {
  const [target, value] = slots(parent);
  if (!isNode(value) || !isFunction(value) || !isNode(target)) return undefined;
  const name = nameOf(target);
  return name === undefined ? undefined : { fn: value, name };
}

function slots(parent: SyntaxNode): readonly [target: unknown, value: unknown] {
  switch (parent.type) {
    case "VariableDeclarator":
      return [parent.id, parent.init];
    case "AssignmentExpression":
    case "AssignmentPattern":
      return [parent.left, parent.right];
    case "ObjectProperty":
    case "ClassProperty":
    case "ClassPrivateProperty":
    case "ClassAccessorProperty":
      return [parent.key, parent.value];
    default:
      return [undefined, undefined];
  }
}

function nameOf(target: SyntaxNode): string | undefined {
  switch (target.type) {
    case "Identifier":
      return String(target.name);
    case "PrivateName":
      return isNode(target.id) ? `#${String(target.id.name)}` : undefined;
    case "StringLiteral":
    case "NumericLiteral":
      return String(target.value);
    case "MemberExpression":
      return isNode(target.property) ? nameOf(target.property) : undefined;
    default:
      return undefined;
  }
}
