/**
 * Fingerprint of a declaration, algorithm `modules`: every project module that its own module reaches while running,
 * the packages they import, and the shape of its parameters and result. Coarser than what really decides a result,
 * never finer.
 */
import { createHash } from "node:crypto";
import type { FingerprintRecord, JsonSchema } from "@millrace/core";
import type { ModuleRecord } from "../emit/module-graph.js";
import type { PackageRef } from "../emit/resolve-import.js";
import { hashLinkedPackage } from "./linked-package.js";
import { type Lockfile, readLockfile } from "./lockfile.js";

/** What is fingerprinted. */
export interface FingerprintRoot {
  /** Posix source path relative to the root. */
  readonly source: string;
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
  fingerprint(root: FingerprintRoot): FingerprintRecord;
}

/** Opens the lockfile of a project and remembers what it has read. */
export function fingerprinter(root: string, modules: ReadonlyMap<string, ModuleRecord>): Fingerprinter {
  const lockfile = readLockfile(root);
  const described = new Map<string, ReadonlyMap<string, string>>();

  function describe(target: PackageRef): ReadonlyMap<string, string> {
    const known = described.get(target.folder);
    if (known) return known;
    const fresh = describePackage(target, lockfile);
    described.set(target.folder, fresh);
    return fresh;
  }

  return {
    fingerprint({ source, exportName, shape }) {
      const reached = reachedModules(source, modules);
      const versions = new Map<string, Set<string>>();
      for (const { packages } of reached.values()) {
        for (const target of packages.values()) {
          for (const [name, version] of describe(target)) {
            versions.set(name, (versions.get(name) ?? new Set()).add(version));
          }
        }
      }
      const rest = {
        algorithm: "modules" as const,
        modules: sortedRecord([...reached].map(([path, { hash }]) => [path, hash])),
        packages: sortedRecord([...versions].map(([name, found]) => [name, [...found].sort().join(", ")])),
      };
      // Salted with the root: two declarations that reach the same code are still two.
      const salted = JSON.stringify([source, exportName, shape, rest]);
      return {
        algorithm: rest.algorithm,
        hash: createHash("sha256").update(salted).digest("base64url"),
        modules: rest.modules,
        packages: rest.packages,
      };
    },
  };
}

function reachedModules(source: string, modules: ReadonlyMap<string, ModuleRecord>): ReadonlyMap<string, ModuleRecord> {
  const reached = new Map<string, ModuleRecord>();
  const open = [source];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const record = modules.get(path);
    if (!record || reached.has(path)) continue;
    reached.set(path, record);
    open.push(...record.imports);
  }
  return reached;
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

function sortedRecord(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
