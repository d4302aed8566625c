/**
 * What the build changes in compiled code, and never on disk: every call gets its site, helpers and callbacks run in
 * frames. The forms are those of `millrace/stamps`; evaluation order, `this`, await and yield stay as written.
 */
import {
  type CallExpression,
  type Expression,
  Node,
  type PropertyAccessExpression,
  SyntaxKind,
  type TaggedTemplateExpression,
  type Type,
} from "ts-morph";
import { type Callables, isGenerator } from "./callables.js";
import { type Invocation, iteratedBy } from "./implicit-calls.js";
import type { Reach } from "./reach.js";
import type { Sites } from "./sites.js";

/** A replacement in one source file; whoever applies them imports the stamp functions in use. Offsets count UTF-16 units; equal offsets are applied in the order given. */
export interface SourceEdit {
  /** Absolute path. */
  readonly file: string;
  readonly pos: number;
  readonly end: number;
  readonly text: string;
}

/** How a helper's call is put into a frame. */
type FrameForm = "$procedure" | "$method" | "$super";

/** All edits, and which calls of helpers got a frame. */
export interface Stamps {
  readonly edits: readonly SourceEdit[];
  readonly framed: ReadonlySet<Invocation>;
}

/** Stamps the whole project. */
export function stampProject({
  callables,
  reach,
  sites,
}: {
  callables: Callables;
  reach: Reach;
  sites: Sites;
}): Stamps {
  const edits: SourceEdit[] = [];
  const framed = new Set<Invocation>();
  for (const [node, site] of sites) {
    const stamper = new Stamper(node.getSourceFile().getFilePath(), edits);
    if (!Node.isCallExpression(node)) {
      if (stamper.implicit(node, site)) framed.add(node);
      continue;
    }
    const call = reach.calls.get(node);
    const callback = reach.callbacks.get(node);
    if (call) {
      const [items] = node.getArguments();
      const key = call.method === "map" && items ? itemKey(items) : undefined;
      stamper.site(node, site, call.options?.getProperty("key") ? undefined : key);
    } else if (callback) stamper.callback(callback.callback, site, itemKey(callback.items));
    else {
      const form = formOf(callables, node);
      if (!form) continue;
      framed.add(node);
      stamper.frame(node, site, form);
    }
  }
  return { edits, framed };
}

/** `id` or `key`, if the items' declared type has it as a string or number. */
function itemKey(items: Node): "id" | "key" | undefined {
  const list = items.getType().getNonNullableType();
  const item = list.getNumberIndexType() ?? list.getTypeArguments()[0];
  const names = ["id", "key"] as const;
  return names.find((name) => item !== undefined && !item.isAny() && namesItems(item, name, items));
}

function namesItems(item: Type, name: string, location: Node): boolean {
  if (item.isUnion()) return item.getUnionTypes().every((member) => namesItems(member, name, location));
  const property = item.isObject() || item.isIntersection() ? item.getProperty(name) : undefined;
  if (!property || property.isOptional()) return false;
  const type = property.getTypeAtLocation(location);
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  return members.every((t) => t.isString() || t.isStringLiteral() || t.isNumber() || t.isNumberLiteral());
}

/** The form that keeps the meaning of a call; undefined if none does. */
function formOf(callables: Callables, node: CallExpression): FrameForm | undefined {
  const callee = node.getExpression();
  if (node.hasQuestionDotToken() || node.getFirstChild() !== callee) return undefined;
  if (callables.ofCall(node).some(isGenerator)) return undefined;
  if (Node.isIdentifier(callee)) return "$procedure";
  if (!Node.isPropertyAccessExpression(callee) || callee.hasQuestionDotToken()) return undefined;
  // Inside an optional chain the receiver may be missing, and the whole chain then ends.
  if (callee.getDescendants().some((d) => Node.isQuestionDotTokenable(d) && d.hasQuestionDotToken())) return undefined;
  const receiver = callee.getExpression();
  if (Node.isSuperExpression(receiver)) return "$super";
  if (Node.isPrivateIdentifier(callee.getNameNode())) return Node.isThisExpression(receiver) ? "$super" : undefined;
  // An accessor runs before the arguments: only plain methods and functions may be fetched late.
  return callables.ofCall(node).some(Node.isGetAccessorDeclaration) ? undefined : "$method";
}

/** Part of `a?.b.c`: the chain may end before it. */
function inOptionalChain(node: Node): boolean {
  const chain = [node, ...node.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)];
  return chain.some((link) => Node.isQuestionDotTokenable(link) && link.hasQuestionDotToken());
}

/** Writes the edits of one file. */
class Stamper {
  readonly #file: string;
  readonly #edits: SourceEdit[];

  constructor(file: string, edits: SourceEdit[]) {
    this.#file = file;
    this.#edits = edits;
  }

  /** `f(a)` → `f(a, $site("…"))`. */
  site(node: CallExpression, site: string, key: string | undefined): void {
    const last = node.getArguments().at(-1);
    const text = `$site(${JSON.stringify(site)}${key ? `, ${JSON.stringify(key)}` : ""})`;
    if (last) this.#insert(last.getEnd(), `, ${text}`);
    else this.#insert(node.getEnd() - 1, text);
  }

  /** `fn` → `$callback("…", fn)`. */
  callback(callback: Expression, site: string, key: string | undefined): void {
    this.#insert(callback.getStart(), `$callback(${JSON.stringify(site)}, `);
    this.#insert(callback.getEnd(), key ? `, (item) => item.${key})` : ")");
  }

  /** `helper(a)` → `$procedure("…", helper, [a])`, and the like for methods. */
  frame(node: CallExpression, site: string, form: FrameForm): void {
    const callee = node.getExpression();
    const open = this.#openParen(node);
    const method = form === "$method" && Node.isPropertyAccessExpression(callee) ? callee : undefined;
    const start = `${form}(${JSON.stringify(site)}, ${form === "$super" ? "this, " : ""}`;
    this.#insert(node.getStart(), start);
    const kept = method ? method.getExpression().getEnd() : callee.getEnd();
    this.#replace(kept, open + 1, method ? `, ${JSON.stringify(method.getName())}, [` : ", [");
    this.#replace(node.getEnd() - 1, node.getEnd(), "])");
  }

  /** What is no call. Gives false for forms that keep their meaning only as they are written. */
  implicit(node: Exclude<Invocation, CallExpression>, site: string): boolean {
    if (Node.isPropertyAccessExpression(node)) return this.#accessor(node, site);
    if (Node.isTaggedTemplateExpression(node)) return this.#tag(node, site);
    const iterated = iteratedBy(node);
    if (!iterated) return false;
    this.#insert(iterated.getStart(), `$iterate(${JSON.stringify(site)}, `);
    this.#insert(iterated.getEnd(), ")");
    return true;
  }

  /** `this.latest` → `$get("…", this, "latest")`. */
  #accessor(node: PropertyAccessExpression, site: string): boolean {
    const receiver = node.getExpression();
    const parent = node.getParent();
    const called = Node.isCallExpression(parent) && parent.getExpression() === node;
    const written =
      (Node.isBinaryExpression(parent) &&
        parent.getLeft() === node &&
        /[^=!<>]=$/.test(parent.getOperatorToken().getText())) ||
      Node.isPrefixUnaryExpression(parent) ||
      Node.isPostfixUnaryExpression(parent) ||
      Node.isDeleteExpression(parent);
    if (called || written || Node.isSuperExpression(receiver) || Node.isPrivateIdentifier(node.getNameNode()))
      return false;
    if (inOptionalChain(node)) return false;
    this.#insert(node.getStart(), `$get(${JSON.stringify(site)}, `);
    this.#replace(receiver.getEnd(), node.getEnd(), `, ${JSON.stringify(node.getName())})`);
    return true;
  }

  /** `` tag`…` `` → `` $tag("…", tag)`…` ``; a method keeps its receiver, which is evaluated twice and so has to be a name. */
  #tag(node: TaggedTemplateExpression, site: string): boolean {
    const tag = node.getTag();
    const receiver = Node.isPropertyAccessExpression(tag) ? tag.getExpression() : undefined;
    const simple = receiver ? Node.isThisExpression(receiver) || Node.isIdentifier(receiver) : Node.isIdentifier(tag);
    if (!simple) return false;
    this.#insert(tag.getStart(), `$tag(${JSON.stringify(site)}, `);
    this.#insert(tag.getEnd(), receiver ? `, ${receiver.getText()})` : ")");
    return true;
  }

  #openParen(node: CallExpression): number {
    const callee = node.getExpression();
    const token = node.getChildren().find((child) => child.getText() === "(" && child.getPos() >= callee.getEnd());
    return token?.getStart() ?? callee.getEnd();
  }

  #insert(pos: number, text: string): void {
    this.#replace(pos, pos, text);
  }

  #replace(pos: number, end: number, text: string): void {
    this.#edits.push({ file: this.#file, pos, end, text });
  }
}
