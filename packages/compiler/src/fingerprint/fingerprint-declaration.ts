/**
 * Fingerprint of a declaration, algorithm `symbols`: every part of the project's code that it may run, the packages that
 * these parts use, and the shape of its parameters and result. Comments, layout, types and names of locals do not count.
 */
import { createHash } from "node:crypto";
import type { FingerprintRecord, JsonSchema, SymbolRecord } from "@millrace/core";
import type { PackageRef } from "../emit/resolve-import.js";
import { isBuiltin } from "../emit/resolve-import.js";
import type { ModuleRecord } from "../module-thread/module-graph.js";
import type { Declared } from "../project/declared.js";
import type { ProjectModel } from "../project/model.js";
import type { KeptReadings } from "./kept-readings.js";
import { hashLinkedPackage } from "./linked-package.js";
import { type Lockfile, readLockfile } from "./lockfile.js";
import { loadedModules, type Reached, SymbolGraph } from "./symbol-graph.js";
import type { Unit } from "./unit.js";

/** What is fingerprinted. */
export interface FingerprintRoot {
  readonly declared: Declared;
  readonly exportName: string;
  /** Schemas of parameters and result: recorded values are read by them. */
  readonly shape: readonly JsonSchema[];
}

/** True for Millrace's own packages: they count by version alone, also where they are linked. */
export function isOwnPackage(name: string): boolean {
  return /^(?:millrace|@millrace\/.+)$/.test(name);
}

/** Makes fingerprints of one build. */
export interface Fingerprinter {
  /** In the order of the roots. */
  fingerprints(roots: readonly FingerprintRoot[]): readonly FingerprintRecord[];
  /** What the fingerprints name, by key, keys sorted. */
  symbols(): Readonly<Record<string, SymbolRecord>>;
}

/** Opens the lockfile of a project and remembers what it has read. */
export function fingerprinter(
  model: ProjectModel,
  modules: ReadonlyMap<string, ModuleRecord>,
  kept: KeptReadings,
): Fingerprinter {
  const lockfile = readLockfile(model.root);
  const graph = new SymbolGraph(model, modules, kept);
  const named = new Map<string, Unit>();
  const described = new Map<string, ReadonlyMap<string, string>>();

  function describe(target: PackageRef): ReadonlyMap<string, string> {
    const known = described.get(target.folder);
    if (known) return known;
    const fresh = describePackage(target, lockfile);
    described.set(target.folder, fresh);
    return fresh;
  }

  function packagesOf(reached: Reached): Readonly<Record<string, string>> {
    const versions = new Map<string, Set<string>>();
    for (const { file, specifier } of reached.packages) {
      for (const target of packagesBehind(specifier, modules.get(file))) {
        for (const [name, version] of describe(target))
          versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
    return sortedRecord([...versions].map(([name, found]) => [name, [...found].sort().join(", ")]));
  }

  function own({ declared, exportName, shape }: FingerprintRoot): Omit<FingerprintRecord, "hash"> {
    const reached = graph.reach(declared);
    const packages = packagesOf(reached);
    const symbols = [...reached.units.keys()].sort();
    for (const [key, unit] of reached.units) named.set(key, unit);
    const loaded = [...loadedModules(declared.source, modules)].sort();
    // What no checker has read counts whole.
    const whole = loaded
      .filter((path) => graph.fileOf(path) === undefined)
      .map((path) => [path, modules.get(path)?.hash]);
    const hashes = symbols.map((key) => [key, graph.hashOf(reached.units.get(key) as Unit)]);
    return {
      algorithm: "symbols",
      // Salted with the root: two declarations that reach the same code are still two.
      body: sha256([declared.source, exportName, shape.map(withoutWords), hashes, packages, whole]),
      symbols,
      calls: [...reached.calls].sort(),
      opaque: [...reached.opaque].map((node) => placeOf(model, node)).sort(),
      modules: sortedRecord(loaded.map((path) => [path, modules.get(path)?.hash ?? ""])),
      packages,
    };
  }

  return {
    fingerprints(roots) {
      const owns = new Map(roots.map((root) => [root.declared.id, own(root)]));
      return roots.map(({ declared }) => {
        const record = owns.get(declared.id) as Omit<FingerprintRecord, "hash">;
        const bodies = [...calledBy(declared.id, owns)].sort().map((id) => [id, owns.get(id)?.body]);
        const { algorithm, ...rest } = record;
        return { algorithm, hash: sha256([declared.id, record.body, bodies]), ...rest };
      });
    },
    symbols() {
      return sortedRecord([...named].map(([key, unit]) => [key, { hash: graph.hashOf(unit), line: lineOf(unit) }]));
    },
  };
}

/** Declarations that one calls, directly or through others. */
function calledBy(id: string, owns: ReadonlyMap<string, Pick<FingerprintRecord, "calls">>): ReadonlySet<string> {
  const called = new Set<string>();
  const open = [...(owns.get(id)?.calls ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (called.has(next)) continue;
    called.add(next);
    open.push(...(owns.get(next)?.calls ?? []));
  }
  return called;
}

/** The packages that an import may mean: that of its name; for aliases, all that the module imports. */
function packagesBehind(specifier: string, record: ModuleRecord | undefined): readonly PackageRef[] {
  if (!record || isBuiltin(specifier) || /^[./]/.test(specifier)) return [];
  const all = [...record.packages.values()];
  const same = all.filter(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  return same.length > 0 ? same : all;
}

/** A schema without what is for people. */
function withoutWords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutWords);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) =>
      key === "description" && typeof value === "string" ? [] : [[key, withoutWords(value)]],
    ),
  );
}

function sha256(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

function lineOf({ node }: Unit): number {
  return startLine(node);
}

function placeOf(model: ProjectModel, node: Unit["node"]): string {
  const file = model.project.getSourceFileOrThrow(node.getSourceFile().fileName);
  return `${model.sourceOf(file)}:${startLine(node)}`;
}

function startLine(node: Unit["node"]): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

/** A package and what it stands on: name → version and integrity, as far as they are known. */
function describePackage(
  { name, version, folder, linked }: PackageRef,
  lockfile: Lockfile,
): ReadonlyMap<string, string> {
  if (isOwnPackage(name)) return new Map([[name, version]]);
  const found = new Map<string, string>();
  for (const locked of lockfile.closure(folder)) {
    if (!isOwnPackage(locked.name)) found.set(locked.name, `${locked.version} ${locked.integrity}`.trimEnd());
  }
  if (linked) found.set(name, `${version} ${hashLinkedPackage(folder)}`);
  else if (!found.has(name)) found.set(name, version);
  return found;
}

function sortedRecord<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
