/**
 * Units: the parts of a project that fingerprints tell apart. A unit is a top-level function, variable, enum or
 * namespace, a class without its members, one member of a top-level class, or the top-level statements of a module.
 */
import { createHash } from "node:crypto";
import { ts } from "ts-morph";

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
  readonly #byNode = new Map<ts.Node, Unit>();
  /** Answers of `of`: walks ask again for each reference. */
  readonly #holding = new Map<ts.Node, Unit | undefined>();
  readonly #taken = new Map<string, ts.Node>();

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
    const file = node.getSourceFile();
    const source = this.#sourceOf(file);
    if (source === undefined) return undefined;
    if (file.fileName.endsWith(".json")) return this.#make(file, source, "file");
    let member: ts.Node | undefined;
    let variable: ts.Node | undefined;
    for (let at: ts.Node = node; ; at = at.parent) {
      if (ts.isSourceFile(at)) return this.#make(at, source, "module");
      if (ts.isVariableDeclaration(at)) variable = at;
      if (isMemberUnit(at)) member = at;
      if (!ts.isSourceFile(at.parent)) continue;
      if (ts.isClassDeclaration(at)) return this.#inClass(at, member, source);
      if (ts.isVariableStatement(at) && variable) {
        const name = (variable as ts.VariableDeclaration).name.getText().replace(/\s+/g, "");
        return this.#make(variable, `${source}#${name}`, "code");
      }
      if (isNamed(at)) return this.#make(at, `${source}#${at.name?.text ?? "default"}`, "code");
      if (ts.isExportAssignment(at)) return this.#make(at, `${source}#default`, "code");
      return this.#make(file, source, "module");
    }
  }

  #inClass(node: ts.ClassDeclaration, member: ts.Node | undefined, source: string): Unit {
    const name = `${source}#${node.name?.text ?? "default"}`;
    return member ? this.#make(member, `${name}.${memberName(member)}`, "code") : this.#make(node, name, "class");
  }

  #make(node: ts.Node, name: string, kind: Unit["kind"]): Unit {
    const known = this.#byNode.get(node);
    if (known) return known;
    let key = name;
    for (let n = 2; this.#taken.has(key); n += 1) key = `${name}~${n}`;
    const unit = { key, kind, node };
    this.#taken.set(key, node);
    this.#byNode.set(node, unit);
    return unit;
  }
}

/** True for what is a unit of its own within a class: all but constructors, static blocks and signatures. */
export function isMemberUnit(node: ts.Node): boolean {
  return (
    ts.isClassDeclaration(node.parent ?? node) &&
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
