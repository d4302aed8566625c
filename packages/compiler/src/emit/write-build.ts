/** Puts a finished build on disk: its folder, the generated types, and last of all the manifest that switches to it. */
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isMillraceError, type Manifest, STATE_PATHS, stateDirUnusable } from "@millrace/core/project";
import type { CompiledModules } from "../module-thread/compiled-modules.js";
import { sweepTemporaries } from "./sweep-temporaries.js";
import { temporaryName, writeFileQuietly } from "./write-file.js";

/** A build that is to be written. */
export interface FinishedBuild {
  readonly manifest: Manifest;
  /** The manifest as it is written. */
  readonly text: string;
  /** Digest of the compiled modules, see core's digestOutputs. */
  readonly outputs: string;
  /** Text of the generated declarations. */
  readonly types: string;
  /** Text of the record of stamps. */
  readonly stamps: string;
}

/** The compiled modules of a build whose name is not known yet. */
export interface DraftBuild {
  readonly folder: string;
  readonly modules: CompiledModules;
  /** Settles with the paths of all of them, or with what the system says. */
  readonly written: Promise<readonly string[]>;
}

/** Begins to write what was compiled; fingerprints are still to be taken. */
export function beginDraft(stateDir: string, modules: CompiledModules): DraftBuild {
  const folder = temporaryName(join(stateDir, STATE_PATHS.builds, "draft"));
  const written = modules.write(folder);
  written.catch(() => {}); // told by writeBuild, if the build comes to that
  return { folder, modules, written };
}

/**
 * Writes a build; returns the absolute paths that changed. Nothing of an earlier build is touched but the manifest copy.
 * @throws MillraceError `state-dir-unusable` where the system refuses.
 */
export async function writeBuild(
  stateDir: string,
  build: FinishedBuild,
  draft: DraftBuild,
): Promise<readonly string[]> {
  try {
    return await write(stateDir, build, draft);
  } catch (cause) {
    throw isMillraceError(cause) ? cause : stateDirUnusable(stateDir, cause);
  } finally {
    rmSync(draft.folder, { recursive: true, force: true });
  }
}

async function write(stateDir: string, build: FinishedBuild, draft: DraftBuild): Promise<readonly string[]> {
  const { manifest, text, types, stamps } = build;
  const written: string[] = [];
  const quietly = (name: string, content: string): void => {
    const path = join(stateDir, name);
    if (writeFileQuietly(path, content)) written.push(path);
  };
  quietly(".gitignore", "*\n");
  const folder = join(stateDir, STATE_PATHS.build(manifest.build));
  const drafted = await draft.written;
  if (existsSync(folder)) {
    written.push(...(await draft.modules.write(folder)));
    quietly(STATE_PATHS.buildManifest(manifest.build), text);
  } else {
    writeFileSync(join(draft.folder, basename(STATE_PATHS.buildManifest(manifest.build))), text);
    placeFolder(draft.folder, folder);
    const placed = drafted.map((path) => join(folder, relative(draft.folder, path)));
    written.push(...placed, join(stateDir, STATE_PATHS.buildManifest(manifest.build)));
  }
  quietly(STATE_PATHS.types, types);
  quietly(STATE_PATHS.stamps, stamps);
  quietly(STATE_PATHS.manifest, text);
  for (const place of [stateDir, dirname(folder), join(stateDir, dirname(STATE_PATHS.stamps))]) sweepTemporaries(place);
  return written.sort();
}

/** Renames a whole folder, so that one with a hash for a name is always whole. */
function placeFolder(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another process placed the same build first.
    if (!existsSync(folder)) throw error;
  }
}
