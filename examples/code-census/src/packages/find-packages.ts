/**
 * Finds every package under a project's `node_modules`, at any depth, with its source files. A nested `node_modules`
 * belongs to the packages inside it. Symbolic links (workspace packages, `.bin`) are not followed: what they lead to
 * is not installed code.
 */
import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { sourceLanguage } from "../measure/source-language.js";
import type { InstalledPackage, SourceFile } from "./package-chunk.js";

/** A package and its files, sorted by path. */
export interface FoundPackage {
  readonly package: InstalledPackage;
  readonly files: readonly SourceFile[];
}

/**
 * Packages that have at least one source file, sorted by path.
 * @throws the signal's reason when it is aborted, and the file system's error if there is no `node_modules`.
 */
export async function findPackages(project: string, signal: AbortSignal): Promise<readonly FoundPackage[]> {
  const found: FoundPackage[] = [];
  const folders = await packageFolders(project, "node_modules");
  for (let path = folders.shift(); path !== undefined; path = folders.shift()) {
    signal.throwIfAborted();
    const files: SourceFile[] = [];
    for (const nested of await collectFiles(join(project, path), "", files)) {
      folders.push(...(await packageFolders(project, `${path}/${nested}`)));
    }
    if (files.length === 0) continue;
    files.sort((a, b) => compare(a.path, b.path));
    found.push({ package: await describe(project, path), files });
  }
  return found.sort((a, b) => compare(a.package.path, b.package.path));
}

/** Folders of packages directly inside a `node_modules`, scopes opened. */
async function packageFolders(project: string, modules: string): Promise<string[]> {
  const folders: string[] = [];
  for (const name of await folderNames(join(project, modules))) {
    if (!name.startsWith("@")) folders.push(`${modules}/${name}`);
    else
      for (const inner of await folderNames(join(project, modules, name))) folders.push(`${modules}/${name}/${inner}`);
  }
  return folders;
}

/** Real folders whose names are no dot names. */
async function folderNames(folder: string): Promise<string[]> {
  return (await entries(folder)).filter((e) => e.isDirectory() && !e.name.startsWith(".")).map((e) => e.name);
}

/** Adds the source files under a package's folder to `files`; returns the nested `node_modules` it did not enter. */
async function collectFiles(folder: string, below: string, files: SourceFile[]): Promise<string[]> {
  const nested: string[] = [];
  for (const entry of await entries(join(folder, below))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name === "node_modules") nested.push(path);
      else nested.push(...(await collectFiles(folder, path, files)));
    } else if (entry.isFile() && sourceLanguage(entry.name)) {
      files.push({ path, bytes: (await stat(join(folder, path))).size });
    }
  }
  return nested;
}

async function describe(project: string, path: string): Promise<InstalledPackage> {
  const { name = folderName(path), version = "" } = await readPackageJson(join(project, path, "package.json"));
  return { id: `${name}@${path}`, name, version, path };
}

async function readPackageJson(file: string): Promise<{ readonly name?: string; readonly version?: string }> {
  try {
    const json: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof json !== "object" || json === null) return {};
    return {
      ...("name" in json && typeof json.name === "string" ? { name: json.name } : {}),
      ...("version" in json && typeof json.version === "string" ? { version: json.version } : {}),
    };
  } catch {
    // Packages under test folders of other packages often have none, or a broken one on purpose.
    return {};
  }
}

function folderName(path: string): string {
  const parts = path.split("/");
  const scope = parts.at(-2);
  return scope?.startsWith("@") ? `${scope}/${parts.at(-1)}` : (parts.at(-1) ?? path);
}

async function entries(folder: string): Promise<Dirent[]> {
  return (await readdir(folder, { withFileTypes: true })).sort((a, b) => compare(a.name, b.name));
}

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
