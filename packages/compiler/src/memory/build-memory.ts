/**
 * Remembers what the last good build was made of, so that an unchanged project costs a few milliseconds and does not
 * load the analyser. A cache: it may be deleted at any time, and is never believed where a byte differs.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, type Manifest, readManifest, STATE_PATHS } from "@millrace/core";
import { writeFileQuietly } from "../emit/write-file.js";
import type { ProjectLocation } from "../project/locate-project.js";
import { relativePosix } from "../project/relative-posix.js";
import { versionDefaults } from "../project/version-defaults.js";
import { type BuildInputs, digestInputs } from "./input-digest.js";

/** What is remembered. */
interface Memory extends BuildInputs {
  /** Digest of the inputs. */
  readonly digest: string;
  /** Hash of the written manifest and types: whoever changed them gets a new build. */
  readonly outputs: string;
  /** Warnings and hints of that build. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A build that is still good. */
export interface RememberedBuild {
  readonly manifest: Manifest;
  readonly diagnostics: readonly Diagnostic[];
}

/** The last build, if nothing that it was made of has changed since. */
export function recallBuild(location: ProjectLocation): RememberedBuild | undefined {
  const { stateDir } = location;
  const file = memoryFile(stateDir);
  if (!existsSync(file)) return undefined;
  try {
    const memory = JSON.parse(readFileSync(file, "utf8")) as Memory; // written by rememberBuild; anything else throws below
    const inputs = { files: memory.files, folders: memory.folders };
    if (memory.outputs !== hashOutputs(stateDir) || memory.digest !== digestOf(location, inputs)) return undefined;
    const manifest = readManifest(readFileSync(join(stateDir, STATE_PATHS.manifest), "utf8"), file);
    if (!existsSync(join(stateDir, STATE_PATHS.buildManifest(manifest.build)))) return undefined;
    return { manifest, diagnostics: memory.diagnostics };
  } catch {
    return undefined; // damaged: as if there were none
  }
}

/** Remembers the build that has just been written. Files and folders are absolute. */
export function rememberBuild(
  location: ProjectLocation,
  inputs: BuildInputs,
  diagnostics: readonly Diagnostic[],
): void {
  const { root, stateDir } = location;
  const relative = (paths: readonly string[]): readonly string[] =>
    [...new Set(paths.map((path) => relativePosix(root, path)))].sort();
  const made: BuildInputs = { files: relative(inputs.files), folders: relative(inputs.folders) };
  const memory: Memory = { digest: digestOf(location, made), outputs: hashOutputs(stateDir), diagnostics, ...made };
  writeFileQuietly(memoryFile(stateDir), `${JSON.stringify(memory)}\n`);
}

/** The folder that was asked decides on the configuration, and the installed TypeScript on its defaults. */
function digestOf({ root, tsconfig, stateDir }: ProjectLocation, inputs: BuildInputs): string {
  const places = [tsconfig, stateDir].map((path) => relativePosix(root, path));
  return JSON.stringify([digestInputs(root, inputs, stateDir), ...places, versionDefaults(root)]);
}

function hashOutputs(stateDir: string): string {
  const hash = createHash("sha256");
  for (const name of [STATE_PATHS.manifest, STATE_PATHS.types]) hash.update(readFileSync(join(stateDir, name)));
  return hash.digest("base64url");
}

function memoryFile(stateDir: string): string {
  return join(stateDir, STATE_PATHS.inputs);
}
