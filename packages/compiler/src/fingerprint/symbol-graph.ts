/**
 * What a declaration reaches, unit by unit. Each unit is read once for all declarations; a walk goes along the
 * references. `this.name` in a task is what an instance of that very task has, elsewhere also what overrides it.
 */
import { ts } from "ts-morph";
import type { ModuleRecord } from "../module-thread/module-graph.js";
import type { Declared } from "../project/declared.js";
import type { ProjectModel } from "../project/model.js";
import type { KeptReadings, Reading } from "./kept-readings.js";
import { Members } from "./members.js";
import { type Reference, readUnit, type UnitContext } from "./read-unit.js";
import { isMemberUnit, shortHash, type Unit, Units } from "./unit.js";

const HOOKS = ["onCreate", "onRestart", "onSuccess", "onFailure", "onAbort", "onDestroy", "onLost"];

/** What a declaration's own code reaches; the declarations that it calls are names alone. */
export interface Reached {
  readonly units: ReadonlyMap<string, Unit>;
  /** Ids of tasks and flows. */
  readonly calls: ReadonlySet<string>;
  /** Imports of packages: importing module and specifier. */
  readonly packages: readonly { readonly file: string; readonly specifier: string }[];
  readonly opaque: ReadonlySet<ts.Node>;
}

/** Reads and follows units of one project. */
export class SymbolGraph {
  readonly #model: ProjectModel;
  readonly #modules: ReadonlyMap<string, ModuleRecord>;
  readonly #units: Units;
  readonly #members: Members;
  readonly #context: UnitContext;
  readonly #idOf = new Map<ts.Node, string>();
  readonly #read = new Map<Unit, Reading>();
  readonly #kept: KeptReadings;
  readonly #files = new Map<string, ts.SourceFile>();

  /** @param kept Readings of earlier builds; takes those of this one. */
  constructor(model: ProjectModel, modules: ReadonlyMap<string, ModuleRecord>, kept: KeptReadings) {
    this.#model = model;
    this.#modules = modules;
    const checker = model.project.getTypeChecker().compilerObject;
    const sources = new Map<ts.SourceFile, string>();
    const joined: string[] = [];
    for (const file of model.project.getSourceFiles()) {
      const source = model.sourceOf(file);
      const node = file.compilerNode;
      const own = !node.isDeclarationFile && (modules.has(source) || model.isOwn(file));
      if (!own) continue;
      sources.set(node, source);
      if (!model.isOwn(file)) joined.push(source);
      this.#files.set(source, node);
    }
    const sourceOf = (file: ts.SourceFile): string | undefined => sources.get(file);
    this.#units = new Units(sourceOf);
    const ignored = new Set<ts.Node>();
    for (const { form, id } of model.declarations) {
      const holder = form.type === "class" ? form.node : form.holder;
      this.#idOf.set(holder.compilerNode, id);
      if (form.type === "class") ignored.add(form.decorator.compilerNode);
      else for (const each of form.definition.compilerNode.properties) if (isOption(each)) ignored.add(each);
    }
    this.#members = new Members(checker, [...sources.keys()], (node) => sources.has(node.getSourceFile()));
    this.#context = {
      checker,
      units: this.#units,
      holders: new Set(this.#idOf.keys()),
      ignored,
      names: this.#members.names,
      sourceOf,
      computedImports: (source) => [...(modules.get(source)?.imports ?? [])],
    };
    const { declared, leading } = this.#members.names;
    // Names of the whole project decide what is asked of the checker; and a module may become the project's by being compiled.
    this.#kept = kept.within(JSON.stringify([declared, leading, joined].map((each) => [...each].sort())));
  }

  /** Hash of a unit's own code. */
  hashOf(unit: Unit): string {
    return this.#reading(unit).hash;
  }

  /** Follows everything that the code of a declaration may run. */
  reach({ form, isRule }: Declared): Reached {
    const walk = new Walk(this, form.type === "class" ? form.node.compilerNode : undefined);
    walk.enterDeclared((form.type === "class" ? form.node : form.holder).compilerNode, isRule ? "next" : "run");
    const source = this.#model.sourceOf(form.node.getSourceFile());
    for (const loaded of loadedModules(source, this.#modules)) {
      const file = this.#files.get(loaded);
      if (file && !file.fileName.endsWith(".json")) walk.enter(this.#units.of(file));
    }
    return walk;
  }

  /** @internal Used by the walk. */
  reading(unit: Unit): Reading {
    return this.#reading(unit);
  }

  get members(): Members {
    return this.#members;
  }

  unitOf(node: ts.Node): Unit | undefined {
    return this.#units.of(node);
  }

  idOf(node: ts.Node): string | undefined {
    return this.#idOf.get(node);
  }

  fileOf(source: string): ts.SourceFile | undefined {
    return this.#files.get(source);
  }

  #reading(unit: Unit): Reading {
    const known = this.#read.get(unit);
    if (known) return known;
    const kept = this.#kept.of(this.#model.modules.meaningOf(unit.node.getSourceFile()));
    const reading = kept.get(unit.node) ?? this.#readAnew(unit);
    this.#read.set(unit, reading);
    // What an opaque call may mean is no matter of its module alone.
    if (reading.opaque.length === 0) kept.set(unit.node, reading);
    return reading;
  }

  #readAnew(unit: Unit): Reading {
    const read = readUnit(unit, this.#context);
    return { ...read, hash: shortHash(read.text) };
  }
}

/** One walk from one declaration. */
class Walk implements Reached {
  readonly units = new Map<string, Unit>();
  readonly calls = new Set<string>();
  readonly packages: { file: string; specifier: string }[] = [];
  readonly opaque = new Set<ts.Node>();
  readonly #graph: SymbolGraph;
  readonly #instance: ts.ClassLikeDeclaration | undefined;
  readonly #asInstance = new Set<Unit>();
  readonly #asAny = new Set<Unit>();
  readonly #modules = new Set<string>();

  constructor(graph: SymbolGraph, instance: ts.ClassLikeDeclaration | undefined) {
    this.#graph = graph;
    this.#instance = instance;
  }

  /** @param body The method of a class that is its work. `match` of a rule decides whether there is a firing, not what it gives. */
  enterDeclared(node: ts.Node, body: "run" | "next"): void {
    if (!ts.isClassLike(node)) return this.enter(this.#graph.unitOf(node));
    this.#enterClass(node, true);
    for (const name of [body, ...HOOKS]) this.#enterAll(this.#graph.members.ofInstance(node, name), true);
  }

  /** @param ofInstance The code runs with the declaration's own instance as `this`. */
  enter(unit: Unit | undefined, ofInstance = false): void {
    const seen = ofInstance ? this.#asInstance : this.#asAny;
    if (!unit || seen.has(unit)) return;
    seen.add(unit);
    const { references, opaque } = this.#graph.reading(unit);
    if (unit.kind !== "module" || this.#graph.reading(unit).text !== "") this.units.set(unit.key, unit);
    for (const node of opaque) this.opaque.add(node);
    if (unit.kind === "class" && ts.isClassLike(unit.node)) this.#enterClass(unit.node, ofInstance);
    for (const reference of references) this.#follow(reference, ofInstance);
  }

  #follow(reference: Reference, ofInstance: boolean): void {
    switch (reference.to) {
      case "unit":
        return this.enter(
          this.#graph.unitOf(reference.node),
          ofInstance && isClassOf(reference.node, this.#instance, this.#graph),
        );
      case "declared": {
        const id = this.#graph.idOf(reference.node);
        if (id !== undefined) this.calls.add(id);
        return;
      }
      case "package":
        this.packages.push(reference);
        return;
      case "module":
        return this.#enterModule(reference.source);
      case "member": {
        if (ofInstance && reference.onThis && this.#instance) {
          const exact = this.#graph.members.ofInstance(this.#instance, reference.name);
          if (exact.length > 0) return this.#enterAll(exact, true);
        }
        if (reference.member) this.enter(this.#graph.unitOf(reference.member), ofInstance);
        this.#enterAll(this.#graph.members.implementations(reference.owner, reference.name), false);
      }
    }
  }

  #enterAll(nodes: readonly ts.Node[], ofInstance: boolean): void {
    for (const node of nodes) this.enter(this.#graph.unitOf(node), ofInstance);
  }

  /** A class in use: its own code, its fields, its bases, and what runs without being called by name. */
  #enterClass(node: ts.ClassLikeDeclaration, ofInstance: boolean): void {
    this.enter(this.#graph.unitOf(node), ofInstance);
    for (const member of node.members) {
      const field =
        ts.isPropertyDeclaration(member) && !isStatic(member) && (member.initializer ?? hasDecorators(member));
      if (field) this.enter(this.#graph.unitOf(member), ofInstance);
    }
    const isTaskOrFlow = ofInstance || this.#graph.idOf(node) !== undefined;
    this.#enterAll(this.#graph.members.always(node, isTaskOrFlow), ofInstance);
    this.#enterAll(this.#graph.members.ofResource(node), false);
    const base = this.#graph.members.baseOf(node);
    if (base) this.#enterClass(base, ofInstance);
  }

  /** Everything that a module declares. */
  #enterModule(source: string): void {
    const file = this.#graph.fileOf(source);
    if (!file || this.#modules.has(source)) return;
    this.#modules.add(source);
    this.enter(this.#graph.unitOf(file));
    if (file.fileName.endsWith(".json")) return;
    for (const statement of file.statements) {
      if (ts.isVariableStatement(statement))
        for (const each of statement.declarationList.declarations) this.enter(this.#graph.unitOf(each));
      else if (ts.isClassDeclaration(statement)) {
        this.#enterClass(statement, false);
        for (const member of statement.members) if (isMemberUnit(member)) this.enter(this.#graph.unitOf(member));
      } else if (isCode(statement)) this.enter(this.#graph.unitOf(statement));
    }
  }
}

/** Modules that are loaded with one, itself included. */
export function loadedModules(source: string, modules: ReadonlyMap<string, ModuleRecord>): ReadonlySet<string> {
  const loaded = new Set<string>();
  const open = [source];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const record = modules.get(path);
    if (!record || loaded.has(path)) continue;
    loaded.add(path);
    open.push(...record.imports);
  }
  return loaded;
}

function isClassOf(node: ts.Node, instance: ts.ClassLikeDeclaration | undefined, graph: SymbolGraph): boolean {
  for (let at = instance; at; at = graph.members.baseOf(at)) if (node === at) return true;
  return false;
}

function isCode(node: ts.Statement): boolean {
  return (
    (ts.isFunctionDeclaration(node) && node.body !== undefined) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isExportAssignment(node)
  );
}

/** Parts of a definition that decide whether, when and how often it runs, not what it gives. */
function isOption({ name }: ts.ObjectLiteralElementLike): boolean {
  return (
    name !== undefined && ts.isIdentifier(name) && ["id", "options", "schedule", "when", "match"].includes(name.text)
  );
}

function isStatic(node: ts.PropertyDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

function hasDecorators(node: ts.PropertyDeclaration): boolean {
  return node.modifiers?.some(ts.isDecorator) ?? false;
}
