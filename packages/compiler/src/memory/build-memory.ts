/**
 * Remembers what the last good build was made of, so that an unchanged project costs a few milliseconds and does not
 * load the analyser. A cache: it may be deleted at any time, and is never believed where a byte differs.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Diagnostic, digestOutputs, type Manifest, readManifest, STATE_PATHS } from "@millrace/core/project";
import { type BuildNames, namesOf } from "../compile-result.js";
import type { FinishedBuild } from "../emit/write-build.js";
import { writeFileQuietly } from "../emit/write-file.js";
import type { ProjectLocation } from "../project/locate-project.js";
import { relativePosix } from "../project/relative-posix.js";
import { versionDefaults } from "../project/version-defaults.js";
import { diskStamp } from "./disk-stamp.js";
import { type BuildInputs, type InputState, readInputs } from "./input-digest.js";
import { ownCode } from "./own-code.js";

/** By how much the file system's clock may lag behind that of the process. */
const CLOCK_MS = 50;

/** What is remembered. */
interface Memory extends BuildInputs {
  /** The build, by its names. */
  readonly built: BuildNames;
  /** Digest of the inputs. */
  readonly digest: string;
  /** Hash of everything written: whoever changed or lost a byte of it gets it written anew. */
  readonly outputs: string;
  /** Stamp of all that the two hashes are of, as it lay on the disk; absent if it was not what had been written. */
  readonly stamp?: string;
  /** Warnings and hints of that build. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A build that is still good. */
export interface RememberedBuild {
  readonly built: BuildNames;
  /** Reads its manifest. */
  manifest(): Manifest;
  readonly diagnostics: readonly Diagnostic[];
}

/** The last build, if nothing that it was made of has changed since. */
export function recallBuild(location: ProjectLocation): RememberedBuild | undefined {
  const { stateDir } = location;
  const file = memoryFile(stateDir);
  const manifestFile = join(stateDir, STATE_PATHS.manifest);
  if (!existsSync(file)) return undefined;
  try {
    const memory = JSON.parse(readFileSync(file, "utf8")) as Memory; // written by rememberBuild; anything else throws below
    const { built, diagnostics, files, folders } = memory;
    const manifest = (): Manifest => readManifest(readFileSync(manifestFile, "utf8"), STATE_PATHS.manifest);
    const remembered = { built, manifest, diagnostics };
    if (memory.stamp !== undefined && memory.stamp === stampOf(location, { files, folders }, built)) return remembered;
    if (memory.outputs !== hashOutputs(readOutputs(stateDir))) return undefined;
    if (memory.digest !== stateOf(location, { files, folders }).digest) return undefined;
    return remembered;
  } catch {
    return undefined; // damaged: as if there were none
  }
}

/** A build that has just been written. */
export interface WrittenBuild {
  readonly build: FinishedBuild;
  /** What it was made of; absolute paths. */
  readonly inputs: BuildInputs;
  /** Its warnings and hints. */
  readonly diagnostics: readonly Diagnostic[];
  /** When the first input was read, ms since 1970. */
  readonly since: number;
}

/**
 * Remembers a build. Not one whose inputs have changed since the first was read: the build may be made of the old
 * content, or of some of each, and only the new can be digested.
 */
export function rememberBuild(location: ProjectLocation, { build, inputs, diagnostics, since }: WrittenBuild): void {
  const { root, stateDir } = location;
  const relative = (paths: readonly string[]): readonly string[] =>
    [...new Set(paths.map((path) => relativePosix(root, path)))].sort();
  const made: BuildInputs = { files: relative(inputs.files), folders: relative(inputs.folders) };
  // Taken before anything is compared: what changes after it has another stamp.
  const built = namesOf(build.manifest);
  const taken = stampOf(location, made, built);
  const stamp = isOnDisk(stateDir, build) ? taken : undefined;
  const { digest, changedAt } = stateOf(location, made);
  if (changedAt > since - CLOCK_MS) return;
  const { text, types, stamps } = build;
  const outputs = hashOutputs({ manifest: text, copy: text, types, stamps, modules: build.outputs });
  const memory: Memory = { built, digest, outputs, ...(stamp === undefined ? {} : { stamp }), diagnostics, ...made };
  writeFileQuietly(memoryFile(stateDir), `${JSON.stringify(memory)}\n`);
}

/** The folder that was asked decides on the configuration, and the installed TypeScript on its defaults. */
function stateOf({ root, tsconfig, stateDir }: ProjectLocation, inputs: BuildInputs): InputState {
  const places = [tsconfig, stateDir].map((path) => relativePosix(root, path));
  const { digest, changedAt } = readInputs(root, inputs, stateDir);
  return { digest: JSON.stringify([digest, ...places, versionDefaults(root)]), changedAt };
}

/** Inputs, outputs, and the compiler's own code. */
function stampOf(location: ProjectLocation, { files, folders }: BuildInputs, { build }: BuildNames): string {
  const { root, tsconfig, stateDir } = location;
  const absolute = (path: string): string => resolve(root, path);
  const switching = [STATE_PATHS.manifest, STATE_PATHS.types, STATE_PATHS.stamps].map((name) => join(stateDir, name));
  const stamp = diskStamp({
    inputs: { files: [...files.map(absolute), ...switching, ...ownCode()], folders: folders.map(absolute) },
    outputs: stateDir,
    whole: [join(stateDir, STATE_PATHS.build(build))],
  });
  return JSON.stringify([stamp, tsconfig, versionDefaults(root)]);
}

/** False if another process has built something else meanwhile: its files would lie beside ours. */
function isOnDisk(stateDir: string, { text, types, stamps }: FinishedBuild): boolean {
  const read = (name: string): string => readFileSync(join(stateDir, name), "utf8");
  return (
    read(STATE_PATHS.manifest) === text && read(STATE_PATHS.types) === types && read(STATE_PATHS.stamps) === stamps
  );
}

/** What a build has written. */
interface Outputs {
  /** Text of the manifest that names the current build. */
  readonly manifest: string;
  /** Text of its copy in the folder of the build. */
  readonly copy: string;
  /** Text of the generated declarations. */
  readonly types: string;
  /** Text of the record of stamps. */
  readonly stamps: string;
  /** Digest of all other files in the folder of the build. */
  readonly modules: string;
}

/** What lies in an output folder. @throws if something is missing. */
function readOutputs(stateDir: string): Outputs {
  const read = (name: string): string => readFileSync(join(stateDir, name), "utf8");
  const manifest = read(STATE_PATHS.manifest);
  const { build } = readManifest(manifest, STATE_PATHS.manifest);
  const folder = join(stateDir, STATE_PATHS.build(build));
  const copy = join(stateDir, STATE_PATHS.buildManifest(build));
  const modules = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => file !== copy)
    .map((file) => [relativePosix(folder, file), readFileSync(file, "utf8")] as const);
  return {
    manifest,
    copy: readFileSync(copy, "utf8"),
    types: read(STATE_PATHS.types),
    stamps: read(STATE_PATHS.stamps),
    modules: digestOutputs(new Map(modules)),
  };
}

function hashOutputs({ manifest, copy, types, stamps, modules }: Outputs): string {
  const all = JSON.stringify([manifest, copy, types, stamps, modules]);
  return createHash("sha256").update(all).digest("base64url");
}

function memoryFile(stateDir: string): string {
  return join(stateDir, STATE_PATHS.inputs);
}
