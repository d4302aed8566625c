/**
 * Remembers what the last good build was made of, so that an unchanged project costs a few milliseconds and does not
 * load the analyser. A cache: it may be deleted at any time, and is never believed where a byte differs.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildHash, type Diagnostic, type Manifest, readManifest, STATE_PATHS } from "@millrace/core";
import { writeFileQuietly } from "../emit/write-file.js";
import type { ProjectLocation } from "../project/locate-project.js";
import { relativePosix } from "../project/relative-posix.js";
import { versionDefaults } from "../project/version-defaults.js";
import { type BuildInputs, digestInputs } from "./input-digest.js";

/** What is remembered. */
interface Memory extends BuildInputs {
  /** Digest of the inputs. */
  readonly digest: string;
  /** Hash of everything written: whoever changed or lost a byte of it gets it written anew. */
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
    const manifest = writtenManifest(stateDir);
    if (memory.outputs !== hashOutputs(stateDir, manifest.build)) return undefined;
    if (memory.digest !== digestOf(location, inputs)) return undefined;
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
  const outputs = hashOutputs(stateDir, writtenManifest(stateDir).build);
  const memory: Memory = { digest: digestOf(location, made), outputs, diagnostics, ...made };
  writeFileQuietly(memoryFile(stateDir), `${JSON.stringify(memory)}\n`);
}

/** The folder that was asked decides on the configuration, and the installed TypeScript on its defaults. */
function digestOf({ root, tsconfig, stateDir }: ProjectLocation, inputs: BuildInputs): string {
  const places = [tsconfig, stateDir].map((path) => relativePosix(root, path));
  return JSON.stringify([digestInputs(root, inputs, stateDir), ...places, versionDefaults(root)]);
}

function writtenManifest(stateDir: string): Manifest {
  const file = join(stateDir, STATE_PATHS.manifest);
  return readManifest(readFileSync(file, "utf8"), file);
}

function hashOutputs(stateDir: string, build: BuildHash): string {
  const folder = join(stateDir, STATE_PATHS.build(build));
  const modules = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const name of [STATE_PATHS.manifest, STATE_PATHS.types, STATE_PATHS.stamps])
    hash.update(readFileSync(join(stateDir, name)));
  for (const file of modules) hash.update(JSON.stringify(relativePosix(folder, file))).update(readFileSync(file));
  return hash.digest("base64url");
}

function memoryFile(stateDir: string): string {
  return join(stateDir, STATE_PATHS.inputs);
}
