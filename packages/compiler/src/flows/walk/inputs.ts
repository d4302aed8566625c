/**
 * What a call is given, as text that outlives renames: comments, layout, types and `await` are gone, local variables stand as
 * what defines them, parameters of helpers as what the call path gives, steps as what they run. Alignment compares it.
 */
import { type Expression, Node, type ParameterDeclaration, type ts } from "ts-morph";
import { combinatorOf } from "../../calls/combinators.js";
import { namesTarget } from "../../calls/find-calls.js";
import { unwrap } from "../../calls/resolve-target.js";
import { flagsOf, isErased, isTransparent } from "../../fingerprint/running-syntax.js";
import { shortHash } from "../../fingerprint/unit.js";
import type { ProjectModel } from "../../project/model.js";
import { type Callable, isCallable } from "../callables.js";
import { stepName } from "../sites.js";
import type { Inlining, Place } from "./place.js";
import type { Walk } from "./walk.js";

/** Hash of the expressions that a call is given; equal for calls that are given the same. */
export function inputsOf(walk: Walk, expressions: readonly (Expression | undefined)[], at: Place): string {
  const reader = new InputReader(walk);
  return shortHash(expressions.map((node) => (node ? reader.read(node, at.stack) : "")).join("\n"));
}

class InputReader {
  readonly #walk: Walk;
  /** Definitions by node; one that is being read names itself. */
  readonly #known = new Map<Node, string>();

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  read(node: Node, stack: readonly Inlining[]): string {
    const bare = Node.isExpression(node) ? unwrap(node) : node;
    if (Node.isAwaitExpression(bare)) return this.read(bare.getExpression(), stack);
    if (Node.isCallExpression(bare)) {
      const step = this.#step(bare, stack);
      if (step !== undefined) return step;
    }
    if (Node.isIdentifier(bare)) return this.#name(bare, stack);
    if (Node.isShorthandPropertyAssignment(bare)) {
      return `${bare.getName()}:${this.#symbol(bare.getValueSymbol()?.getValueDeclaration(), bare.getName(), stack)}`;
    }
    if (Node.isPropertyAssignment(bare)) {
      return `${this.#key(bare.getNameNode(), stack)}:${this.read(bare.getInitializerOrThrow(), stack)}`;
    }
    if (Node.isPropertyAccessExpression(bare)) {
      return `${this.read(bare.getExpression(), stack)}.${bare.getName()}`;
    }
    if (isCallable(bare)) return "function";
    return this.#parts(bare, stack);
  }

  /** A step is what it runs: what it is given is told by its own edges. */
  #step(node: Node, stack: readonly Inlining[]): string | undefined {
    if (!Node.isCallExpression(node)) return undefined;
    const { reach } = this.#walk.analysis;
    const call = reach.calls.get(node);
    if (call && namesTarget(call.method)) return `step(${call.target?.candidates.map(({ id }) => id).join("|") ?? ""})`;
    if (call?.method === "step" || call?.method === "waitFor") return `${call.method}(${stepName(node) ?? ""})`;
    if (call?.method === "sleep") return "sleep";
    const list = call ? node.getArguments()[0] : reach.callbacks.get(node)?.items;
    return list && `map(${this.read(list, stack)})`;
  }

  #name(node: Node, stack: readonly Inlining[]): string {
    const symbol = node.getSymbol();
    return this.#symbol((symbol?.getAliasedSymbol() ?? symbol)?.getValueDeclaration(), node.getText(), stack);
  }

  #symbol(declaration: Node | undefined, name: string, stack: readonly Inlining[]): string {
    if (!declaration || !isLocal(declaration)) {
      return declaration && Node.hasName(declaration) ? declaration.getName() : name;
    }
    const known = this.#known.get(declaration);
    if (known !== undefined) return known;
    this.#known.set(declaration, "itself");
    const text = this.#definition(declaration, stack);
    // A helper on the path twice has other arguments each time.
    if (Node.isParameterDeclaration(declaration)) this.#known.delete(declaration);
    else this.#known.set(declaration, text);
    return text;
  }

  #definition(declaration: Node, stack: readonly Inlining[]): string {
    if (Node.isBindingElement(declaration)) return this.#bound(declaration, stack);
    if (Node.isParameterDeclaration(declaration)) return this.#parameter(declaration, stack);
    if (!Node.isVariableDeclaration(declaration)) return "local";
    const initializer = declaration.getInitializer();
    if (initializer) return this.read(initializer, stack);
    const loop = declaration.getParent()?.getParent();
    return Node.isForOfStatement(loop) ? `item(${this.read(loop.getExpression(), stack)})` : "variable";
  }

  /** A name in a pattern: the pattern's own definition, and the way to the name. */
  #bound(element: Node, stack: readonly Inlining[]): string {
    if (!Node.isBindingElement(element)) return "";
    const pattern = element.getParent();
    const holder = pattern.getParent();
    const initializer = element.getInitializer();
    const otherwise = initializer ? `=${this.read(initializer, stack)}` : "";
    const rest = element.getDotDotDotToken() ? "..." : "";
    if (Node.isArrayBindingPattern(pattern)) {
      const index = pattern.getElements().indexOf(element);
      const direct =
        Node.isVariableDeclaration(holder) && !rest ? entrant(this.#walk.analysis.model, holder, index) : undefined;
      if (direct) return `${this.read(direct, stack)}${otherwise}`;
      return `${this.#definition(holder, stack)}[${rest}${index}]${otherwise}`;
    }
    const property = element.getPropertyNameNode();
    const key = rest ? "..." : property ? this.#key(property, stack) : element.getName();
    return `${this.#definition(holder, stack)}.${key}${otherwise}`;
  }

  /** A parameter: what the call path gives it; of a callback, its position in what calls it. */
  #parameter(parameter: ParameterDeclaration, stack: readonly Inlining[]): string {
    const owner = parameter.getParent();
    const index = isCallable(owner) ? owner.getParameters().indexOf(parameter) : 0;
    const depth = stack.findLastIndex((entry) => entry.callable === (owner as Node as Callable));
    const call = stack[depth]?.call;
    // Of the flow itself: what fields are to a class, the members of the first parameter are to a function.
    if (depth <= 0) return index === 0 ? "this" : `parameter[${index}]`;
    if (!call || !Node.isCallExpression(call)) return `parameter[${index}]`;
    const outer = stack.slice(0, depth);
    const given = call.getArguments();
    if (
      given.some((argument) => Node.isExpression(argument) && unwrap(argument) === owner) ||
      this.#step(call, outer)
    ) {
      return `given[${index}](${this.#step(call, outer) ?? this.#parts(call, outer)})`;
    }
    const argument = given[index];
    if (argument) return this.read(argument, outer);
    const initializer = parameter.getInitializer();
    return initializer ? this.read(initializer, stack) : "undefined";
  }

  #key(name: Node, stack: readonly Inlining[]): string {
    return Node.isComputedPropertyName(name) ? `[${this.read(name.getExpression(), stack)}]` : name.getText();
  }

  /** Any other syntax: its kind, flags and parts; properties of a literal in the order of their names. */
  #parts(node: Node, stack: readonly Inlining[]): string {
    const compiler: ts.Node = node.compilerNode;
    if (isErased(compiler)) return "";
    if (isTransparent(compiler))
      return node
        .forEachChildAsArray()
        .map((child) => this.read(child, stack))
        .join("");
    const children = node.forEachChildAsArray();
    if (children.length === 0) return node.getText();
    const parts = children.map((child) => this.read(child, stack)).filter((text) => text !== "");
    if (Node.isObjectLiteralExpression(node) && node.getProperties().every(Node.isPropertyNamed)) parts.sort();
    return `${node.getKindName()}${flagsOf(compiler)}(${parts.join(",")})`;
  }
}

/** True for variables and parameters of a function: their names are the author's choice alone. */
function isLocal(declaration: Node): boolean {
  return (
    (Node.isVariableDeclaration(declaration) ||
      Node.isBindingElement(declaration) ||
      Node.isParameterDeclaration(declaration)) &&
    declaration.getAncestors().some(isCallable)
  );
}

/** What stands at an index of `Promise.all([…])` or of a literal list. */
function entrant(model: ProjectModel, declaration: Node, index: number): Node | undefined {
  if (!Node.isVariableDeclaration(declaration)) return undefined;
  let list = declaration.getInitializer();
  while (list && Node.isAwaitExpression(list)) list = list.getExpression();
  const combinator = list && Node.isCallExpression(list) ? combinatorOf(model, list) : undefined;
  if (Node.isCallExpression(list) && combinator) {
    if (combinator !== "all") return undefined;
    const [first] = list.getArguments();
    list = Node.isExpression(first) ? first : undefined;
  }
  if (!Node.isArrayLiteralExpression(list)) return undefined;
  const elements = list.getElements();
  return elements.some(Node.isSpreadElement) ? undefined : elements[index];
}
