/** Which code a member of an instance may be: the class's own, an inherited one, an override, an implementation. */
import { appendTo } from "@millrace/core";
import { ts } from "ts-morph";
import { type MemberNames, memberNames, nameText } from "./member-names.js";

/** An object literal or class with members of its own. */
type Holder = ts.ClassLikeDeclaration | ts.ObjectLiteralExpression;

/** Members of one name that may run code. */
interface Running {
  readonly holder: Holder;
  readonly members: readonly ts.Node[];
}

/** Members that the language itself calls: they count with their class. */
const IMPLICIT = new Set(["toString", "toJSON", "valueOf", "then"]);

const DATA =
  ts.TypeFlags.StringLike |
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.ESSymbolLike |
  ts.TypeFlags.Null |
  ts.TypeFlags.Undefined;
/** Types that say nothing about what a value can do. */
const OPEN = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter | ts.TypeFlags.NonPrimitive;

/** Answers about members of classes, interfaces and object literals of a project. */
export class Members {
  readonly #checker: ts.TypeChecker;
  readonly #files: readonly ts.SourceFile[];
  readonly #isOwn: (node: ts.Node) => boolean;
  readonly #found = new Map<ts.Node, Map<string, readonly ts.Node[]>>();
  readonly #bases = new Map<ts.ClassLikeDeclaration, ts.ClassLikeDeclaration | undefined>();
  readonly #instance = new Map<ts.ClassLikeDeclaration, Map<string, readonly ts.Node[]>>();
  readonly #runnable = new Map<string, readonly Running[]>();
  readonly #notAssigned = new Map<string, readonly Running[]>();
  #derived: Map<ts.Node, Set<ts.ClassLikeDeclaration>> | undefined;
  #byName: Map<string, Holder[]> | undefined;
  #names: MemberNames | undefined;

  /** @param isOwn True for a node of the project that is not the SDK's. */
  constructor(checker: ts.TypeChecker, files: readonly ts.SourceFile[], isOwn: (node: ts.Node) => boolean) {
    this.#checker = checker;
    this.#files = files;
    this.#isOwn = isOwn;
  }

  /** Declarations that `name` may be where the static type is what `owner` declares: its own, overrides, implementations. */
  implementations(owner: ts.Node, name: string): readonly ts.Node[] {
    const known = this.#found.get(owner)?.get(name);
    if (known) return known;
    const found = ts.isClassLike(owner)
      ? this.#family(owner).flatMap((holder) => ownMembers(holder, name))
      : this.#conforming(owner, name);
    const names = this.#found.get(owner) ?? new Map<string, readonly ts.Node[]>();
    this.#found.set(owner, names.set(name, found));
    return found;
  }

  /** Names that members and exports of the project have. */
  get names(): MemberNames {
    this.#names ??= memberNames(this.#files);
    return this.#names;
  }

  /** What `this.name` is in an instance of exactly this class: the most derived one. */
  ofInstance(owner: ts.ClassLikeDeclaration, name: string): readonly ts.Node[] {
    const known = this.#instance.get(owner)?.get(name);
    if (known) return known;
    const found = this.#mostDerived(owner, name);
    const names = this.#instance.get(owner) ?? new Map<string, readonly ts.Node[]>();
    this.#instance.set(owner, names.set(name, found));
    return found;
  }

  #mostDerived(owner: ts.ClassLikeDeclaration, name: string): readonly ts.Node[] {
    for (let at: ts.ClassLikeDeclaration | undefined = owner; at; at = this.baseOf(at)) {
      const found = ownMembers(at, name).filter((node) => !isAbstract(node));
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The base class, if the project declares it. */
  baseOf(node: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined {
    if (this.#bases.has(node)) return this.#bases.get(node);
    const base = this.#findBase(node);
    this.#bases.set(node, base);
    return base;
  }

  #findBase(node: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined {
    const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
    const expression = clause?.types[0]?.expression;
    if (!expression) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(expression);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    return target?.declarations?.find(
      (each): each is ts.ClassDeclaration => ts.isClassDeclaration(each) && this.#isOwn(each),
    );
  }

  /** Members that count as soon as the class is used: fields, what the language calls, what a package's type asks for. */
  always(node: ts.ClassLikeDeclaration, isTaskOrFlow: boolean): readonly ts.ClassElement[] {
    const all = !isTaskOrFlow && this.#meetsForeignType(node);
    return node.members.filter(({ name }) => {
      if (!name) return false;
      return all || ts.isComputedPropertyName(name) || (!ts.isPrivateIdentifier(name) && IMPLICIT.has(name.text));
    });
  }

  /** What the thread calls of a class of resources: it is used by its name, nobody calls these. */
  ofResource(node: ts.ClassLikeDeclaration): readonly ts.Node[] {
    const decorators = (ts.canHaveDecorators(node) && ts.getDecorators(node)) || [];
    if (!decorators.some((each) => this.#isResource(each))) return [];
    return ["open", "close"].flatMap((name) => this.ofInstance(node, name));
  }

  /** `@resource` of a package: another one's costs a few units too many. */
  #isResource({ expression }: ts.Decorator): boolean {
    const callee = ts.isCallExpression(expression) ? expression.expression : expression;
    const symbol = this.#checker.getSymbolAtLocation(ts.isPropertyAccessExpression(callee) ? callee.name : callee);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    return target?.name === "resource" && !target.declarations?.some(this.#isOwn);
  }

  #meetsForeignType(node: ts.ClassLikeDeclaration): boolean {
    return (node.heritageClauses ?? []).some(({ types }) =>
      types.some((type) => {
        const declared = this.#checker.getTypeAtLocation(type).symbol?.declarations ?? [];
        return declared.length > 0 && !declared.some(this.#isOwn);
      }),
    );
  }

  /** A class and everything derived from it. */
  #family(owner: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[] {
    this.#derived ??= this.#classesByBase();
    const family = new Set([owner]);
    for (const each of family) for (const derived of this.#derived.get(each) ?? []) family.add(derived);
    return [...family];
  }

  /**
   * Data in an object literal does not count: to read it runs nothing, and it was made by code that has run, where it counts.
   * Otherwise all literals of like shape would count for each of their readers.
   */
  #conforming(owner: ts.Node, name: string): readonly ts.Node[] {
    const holders = this.#index().get(name) ?? [];
    if (holders.length === 0) return [];
    const target = this.#checker.getTypeAtLocation(owner);
    const property = target.getProperty(name);
    const isData = property !== undefined && !this.#mayBeFunction(this.#checker.getTypeOfSymbol(property));
    const candidates = isData ? this.#methods(name) : this.#running(name);
    return candidates.flatMap(({ holder, members }) => (this.#fits(holder, owner, target) ? members : []));
  }

  /** Holders of a member that may run code when it is read or called. */
  #running(name: string): readonly Running[] {
    return this.#holding(this.#runnable, name, (member) => !isAssigned(member) || this.#isCode(member));
  }

  /** Those that have it as a method, an accessor or a field, and not as a property of a literal. */
  #methods(name: string): readonly Running[] {
    return this.#holding(this.#notAssigned, name, (member) => !isAssigned(member));
  }

  #holding(
    found: Map<string, readonly Running[]>,
    name: string,
    counts: (member: ts.Node) => boolean,
  ): readonly Running[] {
    const known = found.get(name);
    if (known) return known;
    const holding = (this.#index().get(name) ?? []).flatMap((holder): readonly Running[] => {
      const members = ownMembers(holder, name).filter(counts);
      return members.length > 0 ? [{ holder, members }] : [];
    });
    found.set(name, holding);
    return holding;
  }

  #isCode(member: Assigned): boolean {
    return this.#mayBeFunction(
      this.#checker.getTypeAtLocation(ts.isPropertyAssignment(member) ? member.initializer : member),
    );
  }

  #mayBeFunction(type: ts.Type): boolean {
    const parts = type.isUnion() ? type.types : [type];
    return parts.some(
      (part) =>
        (part.flags & DATA) === 0 && ((part.flags & OPEN) !== 0 || hasSignatures(part) || part.isIntersection()),
    );
  }

  #fits(holder: Holder, owner: ts.Node, target: ts.Type): boolean {
    if (ts.isObjectLiteralExpression(holder)) {
      const expected = this.#checker.getContextualType(holder);
      if (expected) return this.#checker.isTypeAssignableTo(expected, target) || this.#isErasedGeneric(owner);
    }
    return (
      this.#isErasedGeneric(owner) || this.#checker.isTypeAssignableTo(this.#checker.getTypeAtLocation(holder), target)
    );
  }

  /** With type parameters, assignability to the declared type says nothing: every holder of the name may be meant. */
  #isErasedGeneric(owner: ts.Node): boolean {
    return ts.isInterfaceDeclaration(owner) && (owner.typeParameters?.length ?? 0) > 0;
  }

  /** Also through classes without members, which no name leads to. */
  #classesByBase(): Map<ts.Node, Set<ts.ClassLikeDeclaration>> {
    const derived = new Map<ts.Node, Set<ts.ClassLikeDeclaration>>();
    const linked = new Set<ts.ClassLikeDeclaration>();
    const link = (node: ts.ClassLikeDeclaration): void => {
      if (linked.has(node)) return;
      linked.add(node);
      const base = this.baseOf(node);
      if (!base) return;
      derived.set(base, (derived.get(base) ?? new Set()).add(node));
      link(base);
    };
    for (const holders of this.#index().values()) for (const each of holders) if (ts.isClassLike(each)) link(each);
    return derived;
  }

  #index(): Map<string, Holder[]> {
    if (this.#byName) return this.#byName;
    const index = new Map<string, Holder[]>();
    const visit = (node: ts.Node): void => {
      if (ts.isClassLike(node) || ts.isObjectLiteralExpression(node)) {
        const names = new Set(elementsOf(node).map(nameText));
        for (const name of names) if (name !== undefined) appendTo(index, name, node);
      }
      ts.forEachChild(node, visit);
    };
    for (const file of this.#files) visit(file);
    this.#byName = index;
    return index;
  }
}

type Assigned = ts.PropertyAssignment | ts.ShorthandPropertyAssignment;

function isAssigned(member: ts.Node): member is Assigned {
  return ts.isPropertyAssignment(member) || ts.isShorthandPropertyAssignment(member);
}

function hasSignatures(type: ts.Type): boolean {
  return type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
}

function elementsOf(holder: Holder): readonly ts.NamedDeclaration[] {
  return ts.isClassLike(holder) ? holder.members : holder.properties;
}

function ownMembers(holder: Holder, name: string): readonly ts.Node[] {
  return elementsOf(holder).filter((each) => nameText(each) === name);
}

function isAbstract(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) ?? false)
  );
}
