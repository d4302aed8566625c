/**
 * The code of a project that runs when some of it does: functions that are called or handed on, constructors with the fields
 * that they initialise, getters and setters. Follows symbols, not values; the checks that ask what code touches walk it.
 */
import type { RelatedSpan } from "@millrace/core";
import {
  type CallExpression,
  type ClassDeclaration,
  type NewExpression,
  Node,
  type PropertyAccessExpression,
  ts,
  type VariableDeclaration,
} from "ts-morph";
import { classOf, type Declared } from "../project/declared.js";
import type { ProjectModel } from "../project/model.js";
import { objectOf } from "../project/nodes-of-kind.js";
import { classChain } from "../tasks/class-chain.js";
import type { Callables } from "./callables.js";
import { isIterating, iteratedBy } from "./implicit-calls.js";

/** What leads to a piece of code: calls, `new` and accesses, outermost first. */
export type Way = readonly Node[];

/** One walk. */
export interface RunningCodeWalk {
  readonly model: ProjectModel;
  readonly callables: Callables;
  /** Whose code it is: `this.x` means its member, as it overrides it. */
  readonly owner: Declared;
  /** The nodes that `see` is shown, by their bare trees. */
  readonly wants: (node: ts.Node) => boolean;
  /**
   * Sees each such node once, before what it leads to. `leave`: the nodes below it run elsewhere or not at all, and are not
   * looked at; nor is what it calls.
   */
  readonly see: (node: Node, way: Way) => "leave" | undefined;
}

/** Walks everything that an instance of a task or flow runs: its fields, constructors and body. */
export function walkRunningCode(walk: RunningCodeWalk, also: readonly Node[] = []): void {
  const seen = new Set<Node>();
  const look = (code: Node, way: Way): void => {
    if (seen.has(code)) return;
    seen.add(code);
    const file = code.getSourceFile();
    const visit = (bare: ts.Node): void => {
      if (ts.isTypeNode(bare) && !ts.isExpressionWithTypeArguments(bare)) return;
      const wanted = walk.wants(bare);
      if (wanted || leads(bare)) {
        const node = objectOf(bare, file);
        if (wanted && walk.see(node, way) === "leave") return;
        for (const target of targetsOf(node, walk)) look(target, [...way, node]);
      }
      ts.forEachChild(bare, visit);
    };
    ts.forEachChild(code.compilerNode, visit);
  };
  const owner = classOf(walk.owner);
  // Fields are initialised anew at every start and resume, and at every attempt.
  for (const layer of owner ? classChain(owner) : []) for (const code of constructionOf(layer)) look(code, []);
  const run = walk.callables.runOf(walk.owner);
  for (const code of [...(run ? [run] : []), ...also]) look(code, []);
}

/** The way from a task or flow to a place in code that it runs, as a finding there shows it. */
export function shownWay(
  { className }: Declared,
  way: Way,
): readonly { readonly node: Node; readonly message: string }[] {
  return way.map((node, index) => ({
    node,
    message: `${index === 0 ? className : "which"} ${leadText(node)} here`,
  }));
}

/** The same, for a diagnostic. */
export function relatedWay(model: ProjectModel, declared: Declared, way: Way): readonly RelatedSpan[] {
  return shownWay(declared, way).map(({ node, message }) => ({ span: model.spanOf(node), message }));
}

/** The words of one piece of a way: `calls \`today\``, `creates \`Clock\``, `reads \`clock.now\``. */
function leadText(node: Node): string {
  if (Node.isCallExpression(node)) return `calls \`${node.getExpression().getText()}\``;
  if (Node.isNewExpression(node)) return `creates \`${node.getExpression().getText()}\``;
  if (Node.isTaggedTemplateExpression(node)) return `calls \`${node.getTag().getText()}\``;
  if (isIterating(node)) return `iterates over \`${iteratedBy(node)?.getText() ?? ""}\``;
  if (Node.isVariableDeclaration(node)) return `reads \`${node.getInitializer()?.getText() ?? ""}\``;
  return `${isWritten(node) ? "sets" : "reads"} \`${node.getText()}\``;
}

/** What may lead to other code. */
function leads(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isPropertyAccessExpression(node) ||
    (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name))
  );
}

function targetsOf(node: Node, walk: RunningCodeWalk): readonly Node[] {
  if (Node.isCallExpression(node)) return ofCall(node, walk);
  if (Node.isNewExpression(node)) return ofNew(node, walk);
  if (Node.isPropertyAccessExpression(node)) return ofAccess(node, walk);
  if (Node.isVariableDeclaration(node)) return ofPattern(node, walk);
  return [];
}

/** Functions that a call runs, and those that are handed to it. Steps run elsewhere. */
function ofCall(call: CallExpression, walk: RunningCodeWalk): readonly Node[] {
  const { callables } = walk;
  const own = ownMember(call.getExpression(), walk);
  const handedOn = call
    .getArguments()
    .filter((argument) => Node.isIdentifier(argument) || Node.isPropertyAccessExpression(argument))
    .flatMap((argument) => callables.ofExpression(argument));
  const functions = [...(own ? [own] : callables.ofCall(call)), ...handedOn];
  // A getter runs where its value is read, which is seen by itself.
  return functions.filter((target) => !Node.isGetAccessorDeclaration(target) && isHere(target, walk));
}

function ofNew(node: NewExpression, { model }: RunningCodeWalk): readonly Node[] {
  const symbol = node.getExpression().getSymbol();
  const declarations = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  return declarations
    .filter(Node.isClassDeclaration)
    .filter((owner) => model.isOwn(owner.getSourceFile()) && !isStep(owner, model))
    .flatMap((owner) => classChain(owner).flatMap(constructionOf));
}

function ofAccess(node: PropertyAccessExpression, walk: RunningCodeWalk): readonly Node[] {
  const accessors = walk.callables.accessorsOf(node);
  if (isWritten(node)) return accessors.filter((each) => Node.isSetAccessorDeclaration(each) && isHere(each, walk));
  const own = ownMember(node, walk);
  const members = own ? [own] : accessors;
  return members.filter((member) => Node.isGetAccessorDeclaration(member) && isHere(member, walk));
}

/** `const { today } = clock` runs the getter. */
function ofPattern(node: VariableDeclaration, walk: RunningCodeWalk): readonly Node[] {
  const pattern = node.getNameNode();
  const value = node.getInitializer();
  if (!value || !Node.isObjectBindingPattern(pattern)) return [];
  return pattern.getElements().flatMap((element) => {
    const name = (element.getPropertyNameNode() ?? element.getNameNode()).getText();
    const members = walk.callables.ofSymbol(value.getType().getProperty(name));
    return members.filter((member) => Node.isGetAccessorDeclaration(member) && isHere(member, walk));
  });
}

/** What runs when an instance is made: initialisers of fields and constructors. */
function constructionOf(owner: ClassDeclaration): readonly Node[] {
  const fields = owner.getInstanceProperties().filter((field) => Node.isPropertyDeclaration(field));
  return [...fields, ...owner.getConstructors()];
}

function ownMember(node: Node, { callables, owner }: RunningCodeWalk): Node | undefined {
  return Node.isPropertyAccessExpression(node) && Node.isThisExpression(node.getExpression())
    ? callables.memberOf(owner, node.getName())
    : undefined;
}

/** Methods of tasks and flows run elsewhere, unless they are the owner's. */
function isHere(target: Node, { model, owner }: RunningCodeWalk): boolean {
  const parent = target.getParent();
  if (!Node.isClassDeclaration(parent) || !model.isTask(parent.getType())) return true;
  const own = classOf(owner);
  return own !== undefined && classChain(own).includes(parent);
}

function isStep(owner: ClassDeclaration, model: ProjectModel): boolean {
  return model.isTask(owner.getType()) || model.isFlow(owner.getType());
}

function isWritten(node: Node): boolean {
  const parent = node.getParent();
  return Node.isBinaryExpression(parent) && parent.getLeft() === node && parent.getOperatorToken().getText() === "=";
}
