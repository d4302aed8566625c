/**
 * Reads one unit: its code as canonical text, in which comments, layout, types and the names of locals do not show, and
 * what it refers to, as nodes. What those references reach is decided where they are followed.
 */
import { ts } from "ts-morph";
import type { MemberNames } from "./member-names.js";
import { flagsOf, isDeclaring, isErased, isTransparent } from "./running-syntax.js";
import { isMemberUnit, type Unit, type Units } from "./unit.js";

/** What a unit refers to. */
export type Reference =
  /** Another unit, by its node. */
  | { readonly to: "unit"; readonly node: ts.Node }
  /** A declared task or flow, named as a value: `this.call(Fetch, …)`. */
  | { readonly to: "declared"; readonly node: ts.Node }
  /** A member of an instance: what is called may be an override or an implementation. */
  | {
      readonly to: "member";
      readonly owner: ts.Node;
      readonly name: string;
      readonly onThis: boolean;
      /** The member itself, if it is a unit. */
      readonly member?: ts.Node;
    }
  /** A module as a whole: its namespace is used as a value, or it is imported by a computed name. */
  | { readonly to: "module"; readonly source: string }
  | { readonly to: "package"; readonly file: string; readonly specifier: string };

/** A unit as read. */
export interface ReadUnit {
  readonly text: string;
  readonly references: readonly Reference[];
  /** Calls whose target the types do not tell. */
  readonly opaque: readonly ts.Node[];
}

/** What reading needs to know of the project. */
export interface UnitContext {
  readonly checker: ts.TypeChecker;
  readonly units: Units;
  /** Nodes that declare tasks and flows. */
  readonly holders: ReadonlySet<ts.Node>;
  /** Parts of declarations that decide nothing about results: the SDK's decorators, options of definitions. */
  readonly ignored: ReadonlySet<ts.Node>;
  readonly names: MemberNames;
  sourceOf(file: ts.SourceFile): string | undefined;
  /** Modules that a file imports by names that are computed. */
  computedImports(source: string): readonly string[];
}

/** Reads a unit. */
export function readUnit(unit: Unit, context: UnitContext): ReadUnit {
  const reader = new Reader(unit, context);
  reader.read();
  return { text: reader.out.join(" "), references: reader.references, opaque: reader.opaque };
}

class Reader {
  readonly out: string[] = [];
  readonly references: Reference[] = [];
  readonly opaque: ts.Node[] = [];
  readonly #unit: Unit;
  readonly #context: UnitContext;
  readonly #checker: ts.TypeChecker;
  readonly #locals = new Map<ts.Symbol, number>();

  constructor(unit: Unit, context: UnitContext) {
    this.#unit = unit;
    this.#context = context;
    this.#checker = context.checker;
  }

  read(): void {
    const { node, kind } = this.#unit;
    if (kind === "file") this.out.push(canonicalJson(node.getSourceFile().text));
    else if (ts.isSourceFile(node)) for (const each of node.statements) this.#topLevel(each);
    else this.#children(node);
  }

  /** Declarations are units of their own; what else stands at the top level runs when the module is loaded. */
  #topLevel(node: ts.Statement): void {
    if (ts.isImportDeclaration(node) && !node.importClause && ts.isStringLiteral(node.moduleSpecifier)) {
      this.out.push(`import ${node.moduleSpecifier.text}`);
      this.#package(node.moduleSpecifier);
    }
    if (!isDeclaring(node)) this.#emit(node);
  }

  #children(node: ts.Node): void {
    if (ts.isClassLike(node)) return this.#class(node);
    this.out.push(`(${node.kind}`, flagsOf(node));
    ts.forEachChild(node, (child) => this.#emit(child));
    this.out.push(")");
  }

  /** Members of top-level classes are units of their own. */
  #class(node: ts.ClassLikeDeclaration): void {
    this.out.push("(class");
    for (const clause of node.heritageClauses ?? []) {
      if (clause.token !== ts.SyntaxKind.ExtendsKeyword) continue;
      this.out.push("extends");
      for (const { expression } of clause.types) this.#emit(expression);
    }
    for (const modifier of node.modifiers ?? []) if (ts.isDecorator(modifier)) this.#emit(modifier);
    for (const member of node.members) if (!isMemberUnit(member)) this.#emit(member);
    this.out.push(")");
  }

  #emit(node: ts.Node): void {
    if (this.#context.ignored.has(node) || isErased(node)) return;
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return this.#name(node);
    if (isTransparent(node)) return this.#emit(node.expression);
    if (ts.isStringLiteralLike(node)) return void this.out.push(JSON.stringify(node.text));
    if (ts.isLiteralExpression(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node))
      return void this.out.push(`${node.kind}${JSON.stringify(node.text)}`);
    if (ts.isCallExpression(node)) this.#call(node);
    if (ts.isElementAccessExpression(node)) this.#element(node);
    this.#children(node);
  }

  #call(node: ts.CallExpression): void {
    const [argument] = node.arguments;
    const loads =
      node.expression.kind === ts.SyntaxKind.ImportKeyword ||
      (ts.isIdentifier(node.expression) && /^require/.test(node.expression.text));
    if (loads && argument && ts.isStringLiteralLike(argument)) {
      const module = this.#checker.getSymbolAtLocation(argument)?.valueDeclaration;
      const source = module && ts.isSourceFile(module) ? this.#context.sourceOf(module) : undefined;
      if (source === undefined) this.#package(argument);
      else this.references.push({ to: "module", source });
    } else if (loads && argument) {
      const source = this.#context.sourceOf(node.getSourceFile()) ?? "";
      for (const each of this.#context.computedImports(source)) this.references.push({ to: "module", source: each });
      this.opaque.push(node);
    } else if (this.#mayRunProjectCode(node.expression) && this.#isAny(node.expression)) {
      this.opaque.push(node);
    }
  }

  /** A method of a name that the project does not have runs none of its code but what it is given. */
  #mayRunProjectCode(callee: ts.Expression): boolean {
    return !ts.isPropertyAccessExpression(callee) || this.#context.names.declared.has(callee.name.text);
  }

  #isAny(node: ts.Expression): boolean {
    return (this.#checker.getTypeAtLocation(node).flags & ts.TypeFlags.Any) !== 0;
  }

  /** `x["name"]` is a member; any other index may be each of the members that a project class has. */
  #element({ expression, argumentExpression }: ts.ElementAccessExpression): void {
    const type = this.#checker.getTypeAtLocation(expression);
    const literal = ts.isStringLiteralLike(argumentExpression) ? argumentExpression.text : undefined;
    const members = literal === undefined ? type.getProperties() : [type.getProperty(literal)];
    for (const member of members) if (member) this.#member(member, expression, literal === undefined);
  }

  #name(node: ts.Identifier | ts.PrivateIdentifier): void {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent) && parent.name === node) {
      this.out.push(`.${node.text}`);
      return this.#symbol(this.#checker.getShorthandAssignmentValueSymbol(parent), node);
    }
    if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === node) this.#bound(parent, node);
    if (ts.isBindingElement(parent) && parent.propertyName === node) return;
    if (!isPropertyName(node)) return this.#symbol(this.#checker.getSymbolAtLocation(node), node);
    this.out.push(`.${node.text}`);
    if (ts.isPropertyAccessExpression(parent) && this.#context.names.leading.has(node.text)) {
      const symbol = this.#checker.getSymbolAtLocation(node);
      if (symbol) this.#member(symbol, parent.expression, false);
    }
  }

  /** `const { name } = x` reads a property. */
  #bound(element: ts.BindingElement, node: ts.Identifier | ts.PrivateIdentifier): void {
    if (!ts.isObjectBindingPattern(element.parent) || element.dotDotDotToken) return;
    this.out.push(`.${node.text}`);
    const property = this.#checker.getTypeAtLocation(element.parent).getProperty(node.text);
    if (property) this.#member(property, element, false);
  }

  #member(symbol: ts.Symbol, receiver: ts.Node, membersAlone: boolean): void {
    const declared = this.#resolved(symbol).declarations ?? [];
    for (const node of declared) {
      if (this.#isLocal(node)) continue;
      const owner = node.parent;
      if (owner && (ts.isClassLike(owner) || ts.isInterfaceDeclaration(owner) || ts.isTypeLiteralNode(owner))) {
        if (this.#context.sourceOf(node.getSourceFile()) === undefined) continue;
        const onThis = isThisOf(receiver);
        const shared = { to: "member", owner, name: symbol.name, onThis } as const;
        this.references.push(isMemberUnit(node) ? { ...shared, member: node } : shared);
      } else if (!membersAlone) this.#refer(node, undefined);
    }
  }

  #symbol(symbol: ts.Symbol | undefined, node: ts.Node): void {
    if (!symbol) return void this.out.push(`?${node.getText()}`);
    const declared = symbol.declarations ?? [];
    if (declared.some((each) => this.#isLocal(each))) {
      const known = this.#locals.get(symbol) ?? this.#locals.size;
      this.#locals.set(symbol, known);
      return void this.out.push(`$${known}`);
    }
    const target = this.#resolved(symbol, (specifier) => this.#package(specifier));
    const found = (target.declarations ?? []).filter((each) => !isErased(each));
    const names = found.map((each) => this.#refer(each, node)).filter((name) => name !== undefined);
    this.out.push(names.length > 0 ? `@${names.join("|")}` : `@${nameOf(symbol)}`);
  }

  /** Notes a reference to what a node declares; returns the name that it has in the text. */
  #refer(declaration: ts.Node, at: ts.Node | undefined): string | undefined {
    const unit = this.#context.units.of(declaration);
    if (!unit) return undefined;
    if (ts.isSourceFile(declaration) && unit.kind === "module") {
      // `names.one`: the member is what counts.
      if (!(at && ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at))
        this.references.push({ to: "module", source: unit.key });
      return unit.key;
    }
    const asValue = at && !isUsedAsClass(at);
    if (asValue && this.#context.holders.has(declaration)) this.references.push({ to: "declared", node: declaration });
    else if (unit !== this.#unit) this.references.push({ to: "unit", node: unit.node });
    return declaration === unit.node
      ? unit.key
      : `${unit.key}:${(declaration as ts.NamedDeclaration).name?.getText() ?? ""}`;
  }

  /** Follows aliases to what they stand for; tells of each specifier on the way. */
  #resolved(symbol: ts.Symbol, passed?: (specifier: ts.Expression) => void): ts.Symbol {
    let at = symbol;
    while (at.flags & ts.SymbolFlags.Alias) {
      const specifier = specifierOf(at.declarations?.[0]);
      if (specifier) passed?.(specifier);
      // The default that the checker makes up for a module has a target and no declaration.
      const next = at.declarations ? this.#checker.getImmediateAliasedSymbol(at) : this.#checker.getAliasedSymbol(at);
      if (!next || next === at) break;
      at = next;
    }
    return at;
  }

  #package(specifier: ts.Expression): void {
    if (!ts.isStringLiteralLike(specifier)) return;
    const file = this.#context.sourceOf(specifier.getSourceFile());
    if (file !== undefined) this.references.push({ to: "package", file, specifier: specifier.text });
  }

  #isLocal(node: ts.Node): boolean {
    const own = this.#unit.node;
    if (node === own || node.getSourceFile() !== own.getSourceFile() || ts.isSourceFile(node)) return false;
    return this.#context.units.of(node) === this.#unit && !(ts.isSourceFile(own) && ts.isSourceFile(node.parent));
  }
}

/** True for `this` of the class itself: neither of a nested function nor of a nested class. */
function isThisOf(node: ts.Node): boolean {
  if (node.kind !== ts.SyntaxKind.ThisKeyword && node.kind !== ts.SyntaxKind.SuperKeyword) return false;
  for (let at = node.parent; at && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionDeclaration(at) || ts.isFunctionExpression(at) || ts.isObjectLiteralExpression(at)) return false;
    if (ts.isClassElement(at)) return ts.isClassDeclaration(at.parent) && node.kind === ts.SyntaxKind.ThisKeyword;
  }
  return false;
}

/** `new C()`, `C.of()`, `extends C`: the class's own code counts, not that it is a step. */
function isUsedAsClass({ parent }: ts.Node): boolean {
  return (
    ts.isNewExpression(parent) ||
    ts.isPropertyAccessExpression(parent) ||
    ts.isExpressionWithTypeArguments(parent) ||
    (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword)
  );
}

function isPropertyName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isJsxAttribute(parent) || ts.isMetaProperty(parent) || ts.isLabeledStatement(parent)) return true;
  if (ts.isBreakOrContinueStatement(parent)) return true;
  return (
    (ts.isPropertyAssignment(parent) || ts.isClassElement(parent) || ts.isEnumMember(parent)) &&
    (parent as { name?: ts.Node }).name === node
  );
}

function specifierOf(node: ts.Node | undefined): ts.Expression | undefined {
  for (let at = node; at && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isImportDeclaration(at) || ts.isExportDeclaration(at)) return at.moduleSpecifier;
    if (ts.isImportEqualsDeclaration(at) && ts.isExternalModuleReference(at.moduleReference))
      return at.moduleReference.expression;
  }
  return undefined;
}

/** The name by which a symbol is exported, so that an alias does not show. */
function nameOf(symbol: ts.Symbol): string {
  const [declaration] = symbol.declarations ?? [];
  const specifier = specifierOf(declaration);
  const where = specifier && ts.isStringLiteralLike(specifier) ? `${specifier.text}#` : "";
  if (declaration && ts.isImportSpecifier(declaration))
    return `${where}${(declaration.propertyName ?? declaration.name).text}`;
  return where === "" ? symbol.name : `${where}*`;
}

function canonicalJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
