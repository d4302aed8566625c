/** Which packages of ours are installed, found as Node would find them: from the project, and from each other. */
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** One installed copy. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Real path. */
  readonly folder: string;
}

/** A package that another one needs and that cannot be found from there. */
export interface MissingPackage {
  readonly name: string;
  readonly wantedBy: string;
}

/** What is installed and what is not. */
export interface Installation {
  readonly found: readonly InstalledPackage[];
  readonly missing: readonly MissingPackage[];
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Packages that a project may have without naming them: a workspace names them at its root. */
const ENTRIES = ["millrace", "@millrace/sdk", "@millrace/compiler", "@millrace/testing"];

/** Looks from a project's folder, and from the command that runs. */
export function installedPackages(root: string, command: string): Installation {
  const found = new Map<string, InstalledPackage>();
  const missing: MissingPackage[] = [];

  function visit(folder: string): void {
    if (found.has(folder)) return;
    // What an installed package needed for its own development is not installed with it.
    const { name = folder, version = "", devDependencies: _, ...manifest } = readPackage(folder);
    found.set(folder, { name, version, folder });
    for (const [wanted, required] of wantedBy(manifest)) look(wanted, folder, required ? name : undefined);
  }

  /** Without `wantedBy`, a package that is missing is nobody's loss. */
  function look(name: string, from: string, wantedBy: string | undefined): void {
    const folder = folderOf(name, from);
    if (folder !== undefined) visit(folder);
    else if (wantedBy !== undefined) missing.push({ name, wantedBy });
  }

  const project = wantedBy(readPackage(root));
  for (const name of new Set([...project.keys(), ...ENTRIES])) {
    look(name, root, project.get(name) ? "the project's package.json" : undefined);
  }
  visit(command);
  return { found: [...found.values()], missing };
}

/** Version of any package as a project finds it; undefined if it does not. */
export function installedVersion(root: string, name: string): string | undefined {
  const folder = folderOf(name, root);
  return folder === undefined ? undefined : readPackage(folder).version;
}

/** Packages of ours that a package names, and whether it cannot do without. */
function wantedBy(manifest: PackageJson): ReadonlyMap<string, boolean> {
  const { dependencies = {}, devDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const wanted = new Map<string, boolean>();
  for (const name of Object.keys(peerDependencies)) wanted.set(name, peerDependenciesMeta[name]?.optional !== true);
  for (const name of [...Object.keys(dependencies), ...Object.keys(devDependencies)]) wanted.set(name, true);
  return new Map([...wanted].filter(([name]) => name === "millrace" || name.startsWith("@millrace/")));
}

function folderOf(name: string, from: string): string | undefined {
  try {
    return realpathSync(dirname(createRequire(join(from, "package.json")).resolve(`${name}/package.json`)));
  } catch {
    return undefined;
  }
}

function readPackage(folder: string): PackageJson {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageJson; // a damaged one is as good as none
  } catch {
    return {};
  }
}
