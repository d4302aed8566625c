/**
 * Promises that code outside the project makes, and `new Promise`: what a flow body may not wait for. Judges by declarations:
 * a call of a package whose result is a promise by its own type. What only passes a value on (methods of lists, functions
 * that give back what they are given) makes none, and neither does what has no type.
 */
import {
  type CallExpression,
  type Expression,
  type Identifier,
  type NewExpression,
  Node,
  type PropertyAccessExpression,
  SyntaxKind,
  type TaggedTemplateExpression,
  type Type,
  ts,
} from "ts-morph";
import { combinatorOf } from "../calls/combinators.js";
import { isSdkMethod } from "../calls/find-calls.js";
import { unwrap } from "../calls/resolve-target.js";
import type { ProjectModel } from "../project/model.js";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import { type Callable, type Callables, enclosingCallable, isAsync, isCallable, isGenerator } from "./callables.js";

/** What may make a promise. */
export type Maker = CallExpression | NewExpression | TaggedTemplateExpression;

/** Answers for one analysis. */
export interface ForeignPromises {
  /** True if it gives a promise, or something for `for await`, that is not the project's. */
  makes(node: Maker): boolean;
  /** True for a flow's `use`: nobody but its own steps may wait for that. */
  opensResource(node: Node): boolean;
  /** The origins of what a module's variable, a field or an export of a package holds. */
  heldBy(name: Identifier | PropertyAccessExpression): readonly Node[];
  /** The package that declares what runs; undefined for the project's own code and for the language's. */
  packageOf(node: Node): string | undefined;
}

/** Makes one. */
export function findForeignPromises(model: ProjectModel, callables: Callables): ForeignPromises {
  const program = model.project.getProgram().compilerObject;
  const checker = model.project.getTypeChecker();
  const known = new Map<Node, boolean>();

  /** Of the language itself is what every engine has: it makes no promises of its own. */
  function isForeign(declaration: Node): boolean {
    const file = declaration.getSourceFile();
    if (model.isOwn(file)) return false;
    const standard = program.isSourceFileDefaultLibrary(file.compilerNode);
    return standard ? /^lib\.(dom|webworker)/.test(file.getBaseName()) : true;
  }

  function declarationOf(node: Maker): Node | undefined {
    const signature = checker.getResolvedSignature(node);
    return signature?.compilerSignature.getDeclaration() && signature.getDeclaration();
  }

  function makes(node: Maker): boolean {
    const answer = known.get(node) ?? judge(node);
    known.set(node, answer);
    return answer;
  }

  /** A resource of the main thread, which the SDK opens: on no record. */
  function opensResource(node: Node): boolean {
    const callee = Node.isCallExpression(node) ? unwrap(node.getExpression()) : undefined;
    return (
      Node.isPropertyAccessExpression(callee) &&
      callee.getName() === "use" &&
      model.isFlow(callee.getExpression().getType()) &&
      isSdkMethod(model, callee.getSymbol())
    );
  }

  function judge(node: Maker): boolean {
    if (opensResource(node)) return true;
    if (Node.isNewExpression(node)) {
      const owner = node.getExpression().getSymbol();
      if (owner?.getName() === "Promise" && owner.getDeclarations().every((each) => !model.isOwn(each.getSourceFile())))
        return true;
    } else if (isOfStep(Node.isCallExpression(node) ? node.getExpression() : node.getTag())) return false;
    const declaration = declarationOf(node);
    if (!declaration || !isForeign(declaration)) return false;
    // As it is declared: a type parameter stands for what the caller has given.
    if (Node.isNewExpression(node)) return isAwaitable(node.getType());
    return Node.isReturnTyped(declaration) && isAwaitable(declaration.getReturnType());
  }

  /** The SDK's methods: what they give is recorded. */
  function isOfStep(callee: Expression): boolean {
    const bare = unwrap(callee);
    if (!Node.isPropertyAccessExpression(bare)) return false;
    const owner = bare.getExpression().getType();
    return model.isFlow(owner) || model.isTask(owner) || model.isShared(owner);
  }

  function heldBy(name: Identifier | PropertyAccessExpression, seen: Set<Node> = new Set()): readonly Node[] {
    const symbol = name.getSymbol();
    const declarations = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
    return declarations.flatMap((declaration): readonly Node[] => {
      if (!isVariable(declaration) || seen.has(declaration)) return [];
      seen.add(declaration);
      if (isForeign(declaration)) return !isOfStep(name) && isAwaitable(declaration.getType()) ? [name] : [];
      return valuesOf(declaration).flatMap((value) => originsIn(value, seen));
    });
  }

  function originsIn(expression: Expression, seen: Set<Node>): readonly Node[] {
    const bare = unwrap(expression);
    const all = (parts: readonly Node[]): readonly Node[] =>
      parts.filter(Node.isExpression).flatMap((part) => originsIn(part, seen));
    if (Node.isNewExpression(bare) || Node.isTaggedTemplateExpression(bare)) return makes(bare) ? [bare] : [];
    if (Node.isCallExpression(bare))
      return makes(bare) ? [bare] : all(handedOnBy(model, bare)).concat(inBodies(bare, seen));
    if (Node.isIdentifier(bare) || Node.isPropertyAccessExpression(bare)) return heldBy(bare, seen);
    if (Node.isConditionalExpression(bare)) return all([bare.getWhenTrue(), bare.getWhenFalse()]);
    if (Node.isArrayLiteralExpression(bare)) return all(bare.getElements());
    const chooses = Node.isBinaryExpression(bare) && /^(\?\?|\|\||&&)=?$/.test(bare.getOperatorToken().getText());
    return chooses ? all([bare.getLeft(), bare.getRight()]) : [];
  }

  /** What the project's functions give, and what they wait for before. */
  function inBodies(call: CallExpression, seen: Set<Node>): readonly Node[] {
    const callee = unwrap(call.getExpression());
    const bodies = isCallable(callee) ? [callee] : callables.ofCall(call);
    return bodies.flatMap((callable) => {
      if (seen.has(callable) || isGenerator(callable)) return [];
      seen.add(callable);
      return awaitedOrReturned(callable).flatMap((value) => originsIn(value, seen));
    });
  }

  return {
    makes,
    heldBy: (name) => heldBy(name),
    opensResource,
    packageOf(node) {
      // Not as a call of a package: it waits for no step, whoever else of that package is given some.
      if (opensResource(node)) return undefined;
      const maker = Node.isCallExpression(node) || Node.isNewExpression(node) || Node.isTaggedTemplateExpression(node);
      const declaration = maker ? declarationOf(node) : undefined;
      if (!declaration || !isForeign(declaration)) return undefined;
      const path = declaration.getSourceFile().getFilePath();
      return /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path;
    },
  };
}

/** True for promises and whatever else can be awaited. */
export function isThenable(type: Type): boolean {
  return membersOf(type).some((member) => (member.getProperty("then")?.getDeclarations().length ?? 0) > 0);
}

function isAwaitable(type: Type): boolean {
  return isThenable(type) || membersOf(type).some((member) => member.getProperties().some(isAsyncIterator));
}

function isAsyncIterator(property: ReturnType<Type["getProperties"]>[number]): boolean {
  return property.getName().startsWith("__@asyncIterator");
}

function membersOf(type: Type): readonly Type[] {
  return type.isUnion() ? type.getUnionTypes() : [type];
}

type Variable = Node & { getInitializer(): Expression | undefined };

function isVariable(node: Node): node is Variable {
  return (
    Node.isVariableDeclaration(node) ||
    Node.isPropertyDeclaration(node) ||
    Node.isPropertySignature(node) ||
    Node.isPropertyAssignment(node)
  );
}

/** What it is initialised with and, if it is a variable, what its module assigns to it. */
function valuesOf(declaration: Variable): readonly Expression[] {
  const initializer = declaration.getInitializer();
  const first = initializer ? [initializer] : [];
  const statement = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : undefined;
  if (!statement || statement.getDeclarationKind() === "const") return first;
  const symbol = declaration.getSymbol();
  const name = symbol?.getName();
  const assigns = ({ left, operatorToken }: ts.BinaryExpression): boolean =>
    ts.isIdentifier(left) && left.text === name && /^(\?\?|\|\||&&)?=$/.test(operatorToken.getText());
  const assigned = nodesOfKind(declaration.getSourceFile(), SyntaxKind.BinaryExpression, assigns);
  return [...first, ...assigned.filter((node) => node.getLeft().getSymbol() === symbol).map((node) => node.getRight())];
}

/** What a call of the language gives on: the items of `Promise.all`, the receiver of `then`. */
function handedOnBy(model: ProjectModel, call: CallExpression): readonly Node[] {
  if (combinatorOf(model, call) || /^Promise\s*\.\s*resolve$/.test(call.getExpression().getText()))
    return call.getArguments();
  const callee = unwrap(call.getExpression());
  const chained = Node.isPropertyAccessExpression(callee) && /^(then|catch|finally)$/.test(callee.getName());
  return chained ? [callee.getExpression()] : [];
}

function awaitedOrReturned(callable: Callable): readonly Expression[] {
  const body = callable.getBody();
  if (!body) return [];
  if (Node.isExpression(body) && !Node.isAwaitExpression(body)) return [body];
  const own = [body, ...body.getDescendants()].filter((node) => enclosingCallable(node) === callable);
  return own.flatMap((node) => {
    const counts = Node.isReturnStatement(node) || (Node.isAwaitExpression(node) && isAsync(callable));
    return (counts && node.getExpression()) || [];
  });
}
