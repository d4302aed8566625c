/** Puts a finished build on disk: its folder, the generated types, and last of all the manifest that switches to it. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Manifest, STATE_PATHS, stateDirUnusable } from "@millrace/core/project";
import { sweepTemporaries } from "./sweep-temporaries.js";
import { temporaryName, writeFileQuietly } from "./write-file.js";

/** A build in memory. */
export interface FinishedBuild {
  readonly manifest: Manifest;
  /** The manifest as it is written. */
  readonly text: string;
  /** Path relative to the build folder → text. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Text of the generated declarations. */
  readonly types: string;
  /** Text of the record of stamps. */
  readonly stamps: string;
}

/**
 * Writes a build; returns the absolute paths that changed. Nothing of an earlier build is touched but the manifest copy.
 * @throws MillraceError `state-dir-unusable` where the system refuses.
 */
export function writeBuild(stateDir: string, build: FinishedBuild): readonly string[] {
  try {
    return write(stateDir, build);
  } catch (cause) {
    throw stateDirUnusable(stateDir, cause);
  }
}

function write(stateDir: string, build: FinishedBuild): readonly string[] {
  const { manifest, text, types, stamps } = build;
  const written: string[] = [];
  const quietly = (name: string, content: string): void => {
    const path = join(stateDir, name);
    if (writeFileQuietly(path, content)) written.push(path);
  };
  quietly(".gitignore", "*\n");
  const folder = join(stateDir, STATE_PATHS.build(manifest.build));
  const all = filesOf(build);
  if (existsSync(folder)) {
    // Whole when it was placed; mended if somebody has damaged it since.
    for (const [path, content] of all) quietly(join(STATE_PATHS.build(manifest.build), path), content);
  } else {
    placeFolder(folder, all);
    written.push(...[...all.keys()].map((path) => join(folder, path)));
  }
  quietly(STATE_PATHS.types, types);
  quietly(STATE_PATHS.stamps, stamps);
  quietly(STATE_PATHS.manifest, text);
  for (const place of [stateDir, dirname(folder), join(stateDir, dirname(STATE_PATHS.stamps))]) sweepTemporaries(place);
  return written.sort();
}

/** Everything that lies in the folder of a build: path relative to it → text. */
export function filesOf({ text, outputs }: FinishedBuild): ReadonlyMap<string, string> {
  return new Map(outputs).set("manifest.json", text);
}

/** Fills a temporary folder and renames it, so that a folder with a hash for a name is always whole. */
function placeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  const temporary = temporaryName(folder);
  for (const below of new Set([...files.keys()].map((path) => dirname(path)))) {
    mkdirSync(join(temporary, below), { recursive: true });
  }
  for (const [path, text] of files) writeFileSync(join(temporary, path), text);
  try {
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process placed the same build first.
    if (!existsSync(folder)) throw error;
  }
}
