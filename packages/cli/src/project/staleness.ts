/**
 * Whether the build in `.flow` is still that of the sources, without loading the compiler. Errs on the side of a build:
 * "fresh" is said only if nothing that a build can depend on has changed.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Manifest, readManifest, STATE_PATHS } from "@millrace/core";
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
export async function judgeBuild(place: CommandPlace, compiler: string | undefined): Promise<Staleness> {
  const file = join(place.stateDir, STATE_PATHS.manifest);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return because("there is no build yet");
  const manifest = tryRead(text, file);
  if (!manifest) return because("the manifest cannot be read");
  const pinned = await readFile(join(place.stateDir, STATE_PATHS.buildManifest(manifest.build)), "utf8").catch(
    () => "",
  );
  if (pinned === "") return because("the build is gone");
  if (pinned !== text) return because("the build is damaged");

  const paths = await inputPaths(place, manifest);
  // An installation that carries no sources runs what it was given.
  if (!paths.some((path) => isSource(path) && existsSync(resolve(place.root, path)))) return { stale: false };

  const snapshot = await readSnapshot(place);
  if (snapshot?.build !== manifest.build) return judgeByTime(place, file, paths);
  if (compiler !== undefined && compiler !== snapshot.compiler) return because(`the compiler is now ${compiler}`);
  const added = paths.find((path) => !Object.hasOwn(snapshot.files, path));
  if (added !== undefined) return because(`${added} is new`);
  const changed = await firstChanged(place.root, snapshot.files);
  return changed === undefined ? { stale: false } : because(`${changed} has changed`);
}

/** Stamps the sources before a build; call the result with the manifest after it. A failing note is no failure. */
export async function beforeBuild(
  place: CommandPlace,
): Promise<(manifest: Manifest, compiler: string) => Promise<void>> {
  const before = await stampFiles(place.root, await inputPaths(place));
  return async (manifest, compiler) => {
    const reached = (await inputPaths(place, manifest)).filter((path) => !Object.hasOwn(before, path));
    // New sources are left out: they came during the build and make it stale.
    const elsewhere = reached.filter((path) => path.startsWith("../") || !isSource(path));
    const files = { ...before, ...(await stampFiles(place.root, elsewhere)) };
    const snapshot: Snapshot = { build: manifest.build, compiler, files };
    const file = join(place.stateDir, SNAPSHOT);
    // Spelt as the compiler spells its own: a later build takes away what a killed process leaves.
    const draft = `${file}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(draft, JSON.stringify(snapshot));
      await rename(draft, file);
    } catch {
      // Without the note the next run compares times instead.
    }
  };
}

async function judgeByTime(place: CommandPlace, manifest: string, paths: readonly string[]): Promise<Staleness> {
  const { mtimeMs: built } = await stat(manifest);
  for (const path of paths) {
    const now = await stat(resolve(place.root, path)).catch(() => undefined);
    if (now && now.mtimeMs > built) return because(`${path} is newer than the build`);
  }
  return { stale: false };
}

async function readSnapshot(place: CommandPlace): Promise<Snapshot | undefined> {
  try {
    const parsed = JSON.parse(await readFile(join(place.stateDir, SNAPSHOT), "utf8")) as Snapshot;
    return typeof parsed.files === "object" && parsed.files !== null ? parsed : undefined;
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
