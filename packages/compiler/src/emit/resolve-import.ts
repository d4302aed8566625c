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
export function classifyImport(specifier: string, path: string, packageOf: PackageLookup): ImportTarget {
  const file = INSTALLED.test(path) ? realpathSync(path) : path;
  if (file.endsWith(".json")) return { kind: "module", file };
  const installed = INSTALLED.test(file);
  const name = packageNameOf(specifier);
  const owner = packageOf(file);
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

/** `@scope/name` or `name` of a bare specifier; undefined for relative, absolute and `#` ones. */
function packageNameOf(specifier: string): string | undefined {
  return /^(?:@[^/]+\/)?[^./#@][^/]*/.exec(specifier)?.[0];
}

/** The package that a file belongs to: the nearest package.json above it that has a name. */
export type PackageLookup = (file: string) => Omit<PackageRef, "linked"> | undefined;

/** Looks for packages, once for each folder. */
export function packageLookup(): PackageLookup {
  const known = new Map<string, ReturnType<PackageLookup>>();
  return (file) => inFolder(dirname(file));

  function inFolder(folder: string): ReturnType<PackageLookup> {
    if (known.has(folder)) return known.get(folder);
    const above = dirname(folder);
    const found = above === folder ? undefined : (named(folder) ?? inFolder(above));
    known.set(folder, found);
    return found;
  }

  function named(folder: string): ReturnType<PackageLookup> {
    const path = join(folder, "package.json");
    if (!existsSync(path)) return undefined;
    const { name, version = "0.0.0" } = JSON.parse(readFileSync(path, "utf8")) as { name?: string; version?: string };
    return name === undefined ? undefined : { name, version, folder };
  }
}

function unknownOwner(file: string): PackageRef {
  return { name: dirname(file), version: "0.0.0", folder: dirname(file), linked: true };
}
