/** `package-lock.json`, as far as fingerprints need it: what exactly is installed, and what it stands on. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { relativePosix } from "../project/relative-posix.js";

interface LockEntry {
  /** Only where it differs from the folder. */
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** One package as the lockfile knows it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** Answers what is installed. */
export interface Lockfile {
  /** A package by its folder, with everything that it depends on; empty if the lockfile does not know it. */
  closure(folder: string): readonly LockedPackage[];
}

/** Reads the nearest lockfile at or above a folder; without one nothing is known. */
export function readLockfile(root: string): Lockfile {
  const file = lockfileOf(root);
  if (file === undefined) return { closure: () => [] };
  const base = dirname(file);
  const { packages = {} } = JSON.parse(readFileSync(file, "utf8")) as { packages?: Record<string, LockEntry> };
  return {
    closure(folder) {
      const found = new Map<string, LockedPackage>();
      const location = relativePosix(base, folder);
      // A `node_modules` that is itself a link lies elsewhere, and holds what the lockfile says.
      const linked = /(?<=\/)node_modules\/.*$/.exec(location)?.[0];
      visit(packages[location] || linked === undefined ? location : linked, packages, found);
      return [...found.values()];
    },
  };
}

function visit(
  location: string,
  packages: Readonly<Record<string, LockEntry>>,
  found: Map<string, LockedPackage>,
): void {
  const entry = packages[location];
  if (entry === undefined || found.has(location)) return;
  if (entry.link && entry.resolved) return visit(entry.resolved, packages, found);
  const name = entry.name ?? location.replace(/^.*node_modules\//, "");
  found.set(location, { name, version: entry.version ?? "", integrity: entry.integrity ?? "" });
  const needs = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies };
  for (const dependency of Object.keys(needs)) {
    const at = locate(dependency, location, packages);
    if (at !== undefined) visit(at, packages, found);
  }
}

/** Node's own search: the nearest `node_modules` that has it. */
function locate(name: string, from: string, packages: Readonly<Record<string, LockEntry>>): string | undefined {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const candidate = folder === "." || folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (folder === "." || folder === "") return undefined;
  }
}

/** The nearest lockfile at or above a folder. */
export function lockfileOf(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const file = join(folder, "package-lock.json");
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}
