/** Puts a finished build on disk: its folder, the generated types, and last of all the manifest that switches to it. */
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type BuildHash, isMillraceError, type Manifest, STATE_PATHS, stateDirUnusable } from "@millrace/core/project";
import type { CompiledModules } from "../module-thread/compiled-modules.js";
import { sweepTemporaries } from "./sweep-temporaries.js";
import { temporaryName, writeFileQuietly } from "./write-file.js";

const MANIFEST = basename(STATE_PATHS.buildManifest("" as BuildHash)); // the name is the same in every build

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

/** The compiled modules of a build, written into a folder that has no name yet. */
export interface DraftFolder {
  readonly folder: string;
  /** Settles with the paths of all of them, or with what the system says. */
  readonly written: Promise<readonly string[]>;
}

/** Begins to write what was compiled: all that there is to do while fingerprints are taken. */
export function beginDraft(stateDir: string, modules: CompiledModules): DraftFolder {
  const folder = temporaryName(join(stateDir, STATE_PATHS.builds, "draft"));
  const written = modules.write(folder);
  written.catch(() => {}); // told by writeBuild, if the build comes to that
  return { folder, written };
}

/** Where the compiled modules of a build come from. */
export interface ModulesSource {
  readonly modules: CompiledModules;
  /** They are being written already. */
  readonly draft: DraftFolder | undefined;
}

/**
 * Writes a build; returns the absolute paths that changed. Nothing of an earlier build is touched but the manifest copy.
 * @throws MillraceError `state-dir-unusable` where the system refuses.
 */
export async function writeBuild(
  stateDir: string,
  build: FinishedBuild,
  { modules, draft }: ModulesSource,
): Promise<readonly string[]> {
  const { manifest, text, types, stamps } = build;
  const written: string[] = [];
  const quietly = (name: string, content: string): void => {
    const path = join(stateDir, name);
    if (writeFileQuietly(path, content)) written.push(path);
  };
  let drafted = draft;
  try {
    quietly(".gitignore", "*\n");
    const folder = join(stateDir, STATE_PATHS.build(manifest.build));
    if (existsSync(folder)) {
      written.push(...(await modules.write(folder)));
      quietly(STATE_PATHS.buildManifest(manifest.build), text);
    } else {
      drafted ??= beginDraft(stateDir, modules);
      written.push(...(await placeFolder(folder, text, drafted)));
    }
    quietly(STATE_PATHS.types, types);
    quietly(STATE_PATHS.stamps, stamps);
    quietly(STATE_PATHS.manifest, text);
    for (const place of [stateDir, dirname(folder), join(stateDir, dirname(STATE_PATHS.stamps))])
      sweepTemporaries(place);
    return written.sort();
  } catch (cause) {
    throw isMillraceError(cause) ? cause : stateDirUnusable(stateDir, cause);
  } finally {
    if (drafted) await dropDraft(drafted);
  }
}

/** Adds the manifest and renames the folder, so that one with a hash for a name is always whole; gives the paths in it. */
async function placeFolder(folder: string, manifest: string, draft: DraftFolder): Promise<readonly string[]> {
  const drafted = [...(await draft.written), join(draft.folder, MANIFEST)];
  writeFileSync(join(draft.folder, MANIFEST), manifest);
  try {
    renameSync(draft.folder, folder);
  } catch (error) {
    // Another process placed the same build first.
    if (!existsSync(folder)) throw error;
  }
  return drafted.map((path) => join(folder, relative(draft.folder, path)));
}

/** Takes away what was not placed. */
async function dropDraft({ folder, written }: DraftFolder): Promise<void> {
  await written.catch(() => {});
  rmSync(folder, { recursive: true, force: true });
}
