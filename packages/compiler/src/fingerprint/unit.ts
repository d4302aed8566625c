/**
 * Units: the parts of a project that fingerprints tell apart. A unit is a top-level function, variable, enum or
 * namespace, a class without its members, one member of a top-level class, or the top-level statements of a module.
 */
import { createHash } from "node:crypto";
import { ts } from "ts-morph";
import { isErased } from "./running-syntax.js";

/** One part of the project's code. */
export interface Unit {
  /** `src/a.ts#name`, `src/a.ts#Class.member`, `src/a.ts` for the statements of a module: unique in a project. */
  readonly key: string;
  readonly kind: "code" | "class" | "module" | "file";
  readonly node: ts.Node;
}

/** Makes units out of nodes, each once. */
export class Units {
  readonly #sourceOf: (file: ts.SourceFile) => string | undefined;
  readonly #byFile = new Map<ts.SourceFile, ReadonlyMap<ts.Node, Unit>>();
  /** Answers of `of`: walks ask again for each reference. */
  readonly #holding = new Map<ts.Node, Unit | undefined>();

  /** @param sourceOf Posix path of a project module relative to the root; undefined for files of others. */
  constructor(sourceOf: (file: ts.SourceFile) => string | undefined) {
    this.#sourceOf = sourceOf;
  }

  /** The unit that holds a node; undefined outside the project. */
  of(node: ts.Node): Unit | undefined {
    if (this.#holding.has(node)) return this.#holding.get(node);
    const unit = this.#find(node);
    this.#holding.set(node, unit);
    return unit;
  }

  #find(node: ts.Node): Unit | undefined {
    const units = this.#unitsOf(node.getSourceFile());
    let at = node;
    while (!units?.has(at) && at.parent) at = at.parent;
    return units?.get(at);
  }

  #unitsOf(file: ts.SourceFile): ReadonlyMap<ts.Node, Unit> | undefined {
    const known = this.#byFile.get(file);
    const source = known ? undefined : this.#sourceOf(file);
    if (source === undefined) return known;
    const made = unitsOf(file, source);
    this.#byFile.set(file, made);
    return made;
  }
}

/**
 * The units of a module. Those that would have the same key are numbered in the order of the source, those without code after
 * the others: a key does not depend on who asks first.
 */
function unitsOf(file: ts.SourceFile, source: string): ReadonlyMap<ts.Node, Unit> {
  if (file.fileName.endsWith(".json")) return new Map([[file, { key: source, kind: "file", node: file }]]);
  const units = new Map<ts.Node, Unit>([[file, { key: source, kind: "module", node: file }]]);
  const taken = new Set([source]);
  const parts = file.statements.flatMap(partsOf);
  for (const node of [...parts.filter((each) => !isErased(each)), ...parts.filter(isErased)]) {
    const name = `${source}#${nameOf(node)}`;
    let key = name;
    for (let n = 2; taken.has(key); n += 1) key = `${name}~${n}`;
    taken.add(key);
    units.set(node, { key, kind: ts.isClassDeclaration(node) ? "class" : "code", node });
  }
  return units;
}

/** The units that a statement of a module declares. */
function partsOf(statement: ts.Statement): readonly ts.Node[] {
  if (ts.isClassDeclaration(statement)) return [statement, ...statement.members.filter(isMemberUnit)];
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations;
  return isNamed(statement) || ts.isExportAssignment(statement) ? [statement] : [];
}

function nameOf(node: ts.Node): string {
  if (ts.isVariableDeclaration(node)) return node.name.getText().replace(/\s+/g, "");
  if (isMemberUnit(node)) return `${nameOf(node.parent)}.${memberName(node)}`;
  return isNamed(node) || ts.isClassDeclaration(node) ? (node.name?.text ?? "default") : "default";
}

/** True for what is a unit of its own within a class of a module: all but constructors, static blocks and signatures. */
export function isMemberUnit(node: ts.Node): boolean {
  return (
    ts.isClassDeclaration(node.parent ?? node) &&
    ts.isSourceFile(node.parent.parent) &&
    (ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isAccessor(node))
  );
}

/** SHA-256, base64url, cut to 132 bits: many of them stand in a manifest. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

function isNamed(node: ts.Node): node is ts.FunctionDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration {
  return ts.isFunctionDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node);
}

function memberName(node: ts.Node): string {
  const { name } = node as ts.MethodDeclaration;
  const prefix = ts.isGetAccessor(node) ? "get " : ts.isSetAccessor(node) ? "set " : "";
  return prefix + name.getText();
}
