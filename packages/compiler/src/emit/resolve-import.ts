/**
 * What an import of a project module becomes in its output: a sibling output, or a package left to Node.
 * Packages are told apart by their real path: what lies in `node_modules` is left alone, TypeScript never is.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, sep } from "node:path";

/** Where an import leads. */
export type ImportTarget =
  /** Another module of the build, JSON of packages included: Node would not import that everywhere. */
  | { readonly kind: "module"; readonly file: string }
  /** A package that Node loads. */
  | { readonly kind: "package"; readonly package: PackageRef; readonly file: string; readonly named: boolean };

/** A package that project modules import. */
export interface PackageRef {
  readonly name: string;
  readonly version: string;
  /** Folder of its package.json, real path. */
  readonly folder: string;
  /** Real path outside `node_modules`: its sources change without a version. */
  readonly linked: boolean;
}

const BUILTINS = new Set(builtinModules);
const COMPILED = /\.[cm]?[jt]sx?$/;
const JAVASCRIPT = /\.[cm]?jsx?$/;
const INSTALLED = /[\\/]node_modules[\\/]/;

/** True for `node:fs` and `fs`. */
export function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || BUILTINS.has(specifier);
}

/**
 * Decides on an import that resolved to `path`. As for the checker, links count where packages are looked up, and
 * nowhere else: a linked source folder is part of the project, at the place where it is linked.
 */
export function classifyImport(specifier: string, path: string): ImportTarget {
  const file = INSTALLED.test(path) ? realpathSync(path) : path;
  if (file.endsWith(".json")) return { kind: "module", file };
  const installed = INSTALLED.test(file);
  const name = packageNameOf(specifier);
  const owner = owningPackage(file);
  const linked = !installed && name !== undefined && owner?.name === name && JAVASCRIPT.test(file);
  if ((installed || linked) && owner) {
    const named =
      name !== undefined && (linked || file.includes(`${sep}node_modules${sep}${name.split("/").join(sep)}${sep}`));
    return { kind: "package", package: { ...owner, linked }, file, named };
  }
  if (!COMPILED.test(file))
    return { kind: "package", package: owner ? { ...owner, linked: true } : unknownOwner(file), file, named: false };
  return { kind: "module", file };
}

/** Folder of the named package that a file belongs to. */
export function packageFolderOf(file: string): string | undefined {
  return owningPackage(file)?.folder;
}

/** `@scope/name` or `name` of a bare specifier; undefined for relative, absolute and `#` ones. */
function packageNameOf(specifier: string): string | undefined {
  return /^(?:@[^/]+\/)?[^./#@][^/]*/.exec(specifier)?.[0];
}

/** The nearest package.json above a file that has a name. */
function owningPackage(file: string): Omit<PackageRef, "linked"> | undefined {
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (!existsSync(path)) continue;
    const { name, version = "0.0.0" } = JSON.parse(readFileSync(path, "utf8")) as { name?: string; version?: string };
    if (name !== undefined) return { name, version, folder };
  }
  return undefined;
}

function unknownOwner(file: string): PackageRef {
  return { name: dirname(file), version: "0.0.0", folder: dirname(file), linked: true };
}
