/**
 * Whether the build in `.flow` is still that of the sources, without loading the compiler. Errs on the side of a build:
 * "fresh" is said only if nothing that a build can depend on has changed.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Manifest, readManifest, STATE_PATHS } from "@millrace/core/project";
import type { CommandPlace } from "./place-of-command.js";
import { type FileStamps, firstChanged, inputPaths, isSource, stampFiles } from "./source-snapshot.js";

/** A note beside the build: what it was made from. Only a memory; without it times decide. */
const SNAPSHOT = "cache/sources.json";

interface Snapshot {
  /** The build that it belongs to. */
  readonly build: string;
  /** Version of the compiler that made it. */
  readonly compiler: string;
  readonly files: FileStamps;
}

/** The finding; `reason` completes "building, since …". */
export type Staleness = { readonly stale: false } | { readonly stale: true; readonly reason: string };

/** Judges the current build. `compiler` is the version installed, undefined if none is. */
export function judgeBuild(place: CommandPlace, compiler: string | undefined): Staleness {
  const file = join(place.stateDir, STATE_PATHS.manifest);
  const text = textOf(file);
  if (text === undefined) return because("there is no build yet");
  const manifest = tryRead(text, file);
  if (!manifest) return because("the manifest cannot be read");
  const pinned = textOf(join(place.stateDir, STATE_PATHS.buildManifest(manifest.build)));
  if (pinned === undefined) return because("the build is gone");
  if (pinned !== text) return because("the build is damaged");

  const paths = inputPaths(place, manifest);
  // An installation that carries no sources runs what it was given.
  if (!paths.some((path) => isSource(path) && existsSync(resolve(place.root, path)))) return { stale: false };

  const snapshot = readSnapshot(place);
  if (snapshot?.build !== manifest.build) return judgeByTime(place, file, paths);
  if (compiler !== undefined && compiler !== snapshot.compiler) return because(`the compiler is now ${compiler}`);
  const added = paths.find((path) => !Object.hasOwn(snapshot.files, path));
  if (added !== undefined) return because(`${added} is new`);
  const changed = firstChanged(place.root, snapshot.files);
  return changed === undefined ? { stale: false } : because(`${changed} has changed`);
}

/** What came of a build, as far as the note asks. */
interface Noted {
  readonly built: { readonly build: string } | undefined;
  readonly manifest: Manifest | undefined;
}

/** Stamps the sources before a build; call the result with what came of it. A failing note is no failure. */
export function beforeBuild(place: CommandPlace): (result: Noted, compiler: string) => void {
  const last = readSnapshot(place);
  const known = last?.files ?? {};
  const before = stampFiles(place.root, inputPaths(place), known);
  const asLast = Object.entries(before).every(
    ([path, { hash }]) => Object.hasOwn(known, path) && known[path]?.hash === hash,
  );
  return (result, compiler) => {
    const build = result.built?.build;
    if (build === undefined || (asLast && last?.build === build && last.compiler === compiler)) return;
    const reached = inputPaths(place, result.manifest).filter((path) => !Object.hasOwn(before, path));
    // New sources are left out: they came during the build and make it stale.
    const elsewhere = reached.filter((path) => path.startsWith("../") || !isSource(path));
    const files = { ...before, ...stampFiles(place.root, elsewhere, known) };
    writeSnapshot(place, { build, compiler, files });
  };
}

function writeSnapshot(place: CommandPlace, snapshot: Snapshot): void {
  const file = join(place.stateDir, SNAPSHOT);
  const text = JSON.stringify(snapshot);
  // Spelt as the compiler spells its own: a later build takes away what a killed process leaves.
  const draft = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    // Without the note the next run compares times instead.
  }
}

function judgeByTime(place: CommandPlace, manifest: string, paths: readonly string[]): Staleness {
  const { mtimeMs: built } = statSync(manifest);
  for (const path of paths) {
    const now = statSync(resolve(place.root, path), { throwIfNoEntry: false });
    if (now && now.mtimeMs > built) return because(`${path} is newer than the build`);
  }
  return { stale: false };
}

function readSnapshot(place: CommandPlace): Snapshot | undefined {
  try {
    const parsed = JSON.parse(textOf(join(place.stateDir, SNAPSHOT)) ?? "null") as Snapshot | null;
    return typeof parsed?.files === "object" && parsed.files !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function tryRead(text: string, file: string): Manifest | undefined {
  try {
    return readManifest(text, file);
  } catch {
    return undefined;
  }
}

function because(reason: string): Staleness {
  return { stale: true, reason };
}
