/**
 * What a build was made from, file by file: sizes and times for a quick look, hashes for the truth. A copy of a project
 * (a container image, a fresh clone) has other times and the same hashes, and needs no build.
 */
import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Manifest } from "@millrace/core/project";
import type { CommandPlace } from "./place-of-command.js";

/** One file. */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  /** ms since 1970. */
  readonly mtimeMs: number;
  /** SHA-256 of its bytes, base64url; empty if the file is missing. */
  readonly hash: string;
}

/** Files by path, posix, relative to the project's folder. */
export type FileStamps = Readonly<Record<string, FileStamp>>;

const SOURCE = /\.[cm]?tsx?$/;
const DECLARATION = /\.d\.[cm]?ts$/;
const TEST = /\.(test|spec)\.[cm]?tsx?$/;
const CONFIGURATION = /^(package\.json|tsconfig.*\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock)$/;
const LOCKFILE = /lock/;

/**
 * Paths of everything that a build may depend on, sorted: TypeScript sources below the project's folder, its
 * configuration and that of the folders above up to the lockfile, and modules that the last build reached elsewhere.
 */
export function inputPaths(place: CommandPlace, manifest?: Manifest): readonly string[] {
  const paths = new Set<string>();
  const add = (file: string): void => {
    paths.add(relative(place.root, file).split(sep).join("/"));
  };
  addSources(place.root, place.stateDir, add);
  addConfiguration(place.root, add);
  if (manifest) for (const module of modulesOf(manifest)) add(resolve(place.root, module));
  return [...paths].sort();
}

/** True for TypeScript that is compiled: neither declarations nor configuration. */
export function isSource(path: string): boolean {
  return SOURCE.test(path) && !DECLARATION.test(path);
}

/** Stamps files. Missing ones have an empty hash; one whose size and time are as in `known` is not read again. */
export function stampFiles(root: string, paths: readonly string[], known: FileStamps = {}): FileStamps {
  const stamp = (path: string): FileStamp =>
    stampFile(resolve(root, path), Object.hasOwn(known, path) ? known[path] : undefined);
  return Object.fromEntries([...paths].sort().map((path) => [path, stamp(path)]));
}

/** The first path whose content is not as stamped; undefined if all are. Reads only files whose size or time differ. */
export function firstChanged(root: string, stamps: FileStamps): string | undefined {
  for (const [path, stamp] of Object.entries(stamps)) {
    if (stampFile(resolve(root, path), stamp).hash !== stamp.hash) return path;
  }
  return undefined;
}

function stampFile(file: string, known: FileStamp | undefined): FileStamp {
  try {
    // The time is taken before the content, so that a write in between is noticed later.
    const { size, mtimeMs } = statSync(file);
    if (known && known.size === size && known.mtimeMs === mtimeMs) return known;
    const hash = createHash("sha256").update(readFileSync(file)).digest("base64url");
    return { size, mtimeMs, hash };
  } catch {
    return { size: 0, mtimeMs: 0, hash: "" };
  }
}

function addSources(folder: string, stateDir: string, add: (file: string) => void): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const foreign = entry.name === "node_modules" || entry.name.startsWith(".") || path === stateDir;
      if (!foreign) addSources(path, stateDir, add);
    } else if (SOURCE.test(entry.name) && !TEST.test(entry.name)) add(path);
  }
}

/** Configuration of the project's folder and those above it up to the lockfile's; without a lockfile, up to the tsconfig's. */
function addConfiguration(root: string, add: (file: string) => void): void {
  const folders: { readonly folder: string; readonly names: readonly string[] }[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    const names = entriesOf(folder).flatMap(({ name }) => (CONFIGURATION.test(name) ? [name] : []));
    folders.push({ folder, names });
    if (names.some((name) => LOCKFILE.test(name)) || dirname(folder) === folder) break;
  }
  // What lies above the last folder that matters belongs to others.
  const locked = folders.at(-1)?.names.some((name) => LOCKFILE.test(name));
  const last = locked ? folders.length - 1 : folders.findIndex(({ names }) => names.includes("tsconfig.json"));
  for (const { folder, names } of folders.slice(0, Math.max(0, last) + 1)) {
    for (const name of names) add(join(folder, name));
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // gone or not ours to read: nothing in it is an input
  }
}

function modulesOf(manifest: Manifest): ReadonlySet<string> {
  const entries = [...Object.values(manifest.tasks), ...Object.values(manifest.flows)];
  return new Set(entries.flatMap((entry) => Object.keys(entry.fingerprint.modules ?? {})));
}
