/**
 * Functions of the project: which ones a call expression may run, by symbol, with overriding and implementing methods.
 * Knows nothing of values; the walk binds closures itself.
 */
import { appendTo } from "@millrace/core";
import {
  type ArrowFunction,
  type CallExpression,
  type ClassDeclaration,
  type FunctionDeclaration,
  type FunctionExpression,
  type GetAccessorDeclaration,
  type MethodDeclaration,
  type Symbol as MorphSymbol,
  Node,
  type PropertyAccessExpression,
  type SetAccessorDeclaration,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";
import { unwrap } from "../calls/resolve-target.js";
import { symbolInPattern } from "../calls/symbol-in-pattern.js";
import { classOf, type Declared } from "../project/declared.js";
import type { ProjectModel } from "../project/model.js";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import { type CodeNames, codeNames } from "./code-names.js";

/** A function with a body. */
export type Callable =
  | FunctionDeclaration
  | FunctionExpression
  | ArrowFunction
  | MethodDeclaration
  | GetAccessorDeclaration;

/** Questions about the project's functions. */
export interface Callables {
  readonly names: CodeNames;
  /** Files with classes that derive from a class of the file or implement an interface of it. */
  heirsOf(file: SourceFile): readonly SourceFile[];
  /** The functions that a symbol stands for; empty for those of packages and for unknown ones. */
  ofSymbol(symbol: MorphSymbol | undefined): readonly Callable[];
  /** The functions that an expression names. */
  ofExpression(expression: Node): readonly Callable[];
  /** The accessors that a member access may run. */
  accessorsOf(access: PropertyAccessExpression): readonly (GetAccessorDeclaration | SetAccessorDeclaration)[];
  /** The functions that a call may run, overriding methods of subclasses included. */
  ofCall(call: CallExpression): readonly Callable[];
  /** The method or accessor that an instance of the class runs under a name, inherited ones included. */
  methodOf(owner: ClassDeclaration, name: string): Callable | undefined;
  /** The body of a task or flow; undefined if it is no function of the project. */
  runOf(declared: Declared): Callable | undefined;
  /** The method or accessor of the author's that an instance of the flow runs under a name. */
  memberOf(declared: Declared, name: string): Callable | undefined;
}

/** True for functions with a body. */
export function isCallable(node: Node | undefined): node is Callable {
  return (
    Node.isArrowFunction(node) ||
    Node.isFunctionExpression(node) ||
    ((Node.isFunctionDeclaration(node) || Node.isMethodDeclaration(node) || Node.isGetAccessorDeclaration(node)) &&
      node.getBody() !== undefined)
  );
}

/** True for generators: their bodies run when they are iterated, not when they are called. */
export function isGenerator(callable: Callable): boolean {
  return (
    (Node.isFunctionDeclaration(callable) ||
      Node.isFunctionExpression(callable) ||
      Node.isMethodDeclaration(callable)) &&
    callable.isGenerator()
  );
}

/** True for asynchronous functions: they go on while their caller does, from their first `await`. */
export function isAsync(callable: Callable): boolean {
  return !Node.isGetAccessorDeclaration(callable) && callable.isAsync() && !isGenerator(callable);
}

/** The innermost function around a node. */
export function enclosingCallable(node: Node): Callable | undefined {
  return node.getFirstAncestor(isCallable) as Callable | undefined; // the guard decides
}

/** Makes a Callables for one analysis. */
export function findCallables(model: ProjectModel): Callables {
  const names = codeNames(model.files);
  const heirs = findHeirs(model);
  const heirFiles = new Map<SourceFile, SourceFile[]>();
  for (const [above, below] of heirs) {
    for (const heir of below) if (above) appendTo(heirFiles, above.getSourceFile(), heir.getSourceFile());
  }
  const methodsByClass = new Map<ClassDeclaration, Map<string, Callable | undefined>>();

  function fromDeclaration(declaration: Node): readonly Callable[] {
    if (!model.isOwn(declaration.getSourceFile())) return [];
    if (Node.isFunctionDeclaration(declaration)) {
      const body = declaration.isOverload() ? declaration.getImplementation() : declaration;
      return isCallable(body) ? [body] : [];
    }
    if (Node.isMethodDeclaration(declaration) || Node.isMethodSignature(declaration)) return methods(declaration);
    if (isCallable(declaration)) return [declaration];
    if (Node.isBindingElement(declaration)) return ofSymbol(symbolInPattern(declaration));
    if (
      Node.isVariableDeclaration(declaration) ||
      Node.isPropertyAssignment(declaration) ||
      Node.isPropertyDeclaration(declaration)
    ) {
      const initializer = declaration.getInitializer();
      const bare = initializer && unwrap(initializer);
      if (isCallable(bare)) return [bare];
    }
    return [];
  }

  function methods(declaration: Node): readonly Callable[] {
    if (!Node.isMethodDeclaration(declaration) && !Node.isMethodSignature(declaration)) return [];
    const name = declaration.getName();
    const found = new Set<Callable>();
    const own = Node.isMethodDeclaration(declaration) ? (declaration.getImplementation() ?? declaration) : undefined;
    if (isCallable(own)) found.add(own);
    for (const heir of heirs.get(declaration.getParent()) ?? []) {
      const method = heir.getInstanceMethod(name);
      if (isCallable(method)) found.add(method);
    }
    return [...found];
  }

  function ofSymbol(symbol: MorphSymbol | undefined): readonly Callable[] {
    const target = symbol?.getAliasedSymbol() ?? symbol;
    return [...new Set((target?.getDeclarations() ?? []).flatMap(fromDeclaration))];
  }

  function ofExpression(expression: Node): readonly Callable[] {
    if (Node.isPropertyAccessExpression(expression) && !names.mayBeCode(expression.getName())) return [];
    return ofSymbol(expression.getSymbol());
  }

  function methodOf(owner: ClassDeclaration, name: string): Callable | undefined {
    const known = methodsByClass.get(owner) ?? new Map<string, Callable | undefined>();
    methodsByClass.set(owner, known);
    if (!known.has(name)) known.set(name, names.mayBeCode(name) ? findMethod(owner, name) : undefined);
    return known.get(name);
  }

  function findMethod(owner: ClassDeclaration, name: string): Callable | undefined {
    for (let at: ClassDeclaration | undefined = owner; at; at = at.getBaseClass()) {
      const declared = at.getInstanceMethod(name) ?? at.getGetAccessor(name) ?? fieldFunction(at, name);
      const member = Node.isMethodDeclaration(declared) ? (declared.getImplementation() ?? declared) : declared;
      if (isCallable(member)) return member;
    }
    return undefined;
  }

  /** A function in place, or the one that a name stands for. */
  function runOf({ form, isRule }: Declared): Callable | undefined {
    const body = isRule ? "next" : "run";
    if (form.type === "class") return methodOf(form.node, body);
    const member = form.definition.getProperty(body);
    if (isCallable(member)) return member;
    if (Node.isShorthandPropertyAssignment(member)) return ofSymbol(member.getValueSymbol())[0];
    const initializer = Node.isPropertyAssignment(member) ? member.getInitializer() : undefined;
    const bare = initializer && unwrap(initializer);
    return isCallable(bare) ? bare : ofSymbol(bare?.getSymbol())[0];
  }

  return {
    names,
    heirsOf: (file) => heirFiles.get(file) ?? [],
    ofSymbol,
    ofExpression,
    accessorsOf(access) {
      if (!names.mayBeAccessor(access.getName())) return [];
      const declarations = access.getSymbol()?.getDeclarations() ?? [];
      return declarations.filter(
        (each): each is GetAccessorDeclaration | SetAccessorDeclaration =>
          (Node.isGetAccessorDeclaration(each) || Node.isSetAccessorDeclaration(each)) &&
          each.getBody() !== undefined &&
          model.isOwn(each.getSourceFile()),
      );
    },
    ofCall: (call) => ofExpression(unwrap(call.getExpression())),
    methodOf,
    runOf,
    memberOf(declared, name) {
      const owner = classOf(declared);
      return owner && methodOf(owner, name);
    },
  };
}

function fieldFunction(owner: ClassDeclaration, name: string): Callable | undefined {
  const property = owner.getInstanceProperty(name);
  const initializer = Node.isPropertyDeclaration(property) ? property.getInitializer() : undefined;
  const bare = initializer && unwrap(initializer);
  return isCallable(bare) ? bare : undefined;
}

/** Class or interface → the classes of the project that derive from it or implement it. */
function findHeirs(model: ProjectModel): ReadonlyMap<Node | undefined, readonly ClassDeclaration[]> {
  const heirs = new Map<Node | undefined, ClassDeclaration[]>();
  for (const file of model.files) {
    for (const owner of nodesOfKind(file, SyntaxKind.ClassDeclaration)) {
      for (let at: ClassDeclaration | undefined = owner; at; at = at.getBaseClass()) {
        const implemented = at.getImplements().flatMap((i) => i.getType().getSymbol()?.getDeclarations() ?? []);
        for (const above of at === owner ? implemented : [at, ...implemented]) {
          appendTo(heirs, above, owner);
        }
      }
    }
  }
  return heirs;
}
