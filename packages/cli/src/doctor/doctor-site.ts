/**
 * What the checks look at, read once and leniently: whatever cannot be read is kept as the error that said so. Nothing is
 * written but a probe folder that is removed again, and no code of the project is loaded.
 */
import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { findProject, type Manifest, type ProjectSettings, readSettings } from "@millrace/core";
import type { StoreInspection } from "@millrace/runtime";
import { currentManifest } from "../project/ensure-build.js";
import { compilerVersion } from "../project/load-compiler.js";
import { placeOfCommand } from "../project/place-of-command.js";
import { type Attempt, attempt, reached } from "./attempt.js";
import { type Probes, probe } from "./probe.js";
import { readTsconfig, type Tsconfig } from "./read-tsconfig.js";

/** A project as `flow doctor` finds it. */
export interface DoctorProject extends Probes {
  /** Folder of the package.json, or of the record of a project of commands. Absolute. */
  readonly root: string;
  /** It has a package.json. Without one there is nothing to build. */
  readonly isPackage: boolean;
  /** Output folder; need not exist. Absolute. */
  readonly stateDir: string;
  readonly packageJson: Readonly<Record<string, unknown>>;
  readonly settings: Attempt<ProjectSettings>;
  readonly tsconfig: Attempt<Tsconfig>;
  readonly manifest: Attempt<Manifest>;
  /** Undefined if nothing has run yet. */
  readonly store: Attempt<StoreInspection | undefined>;
}

/** Everything that was read. */
export interface DoctorSite {
  /** Folder that was asked for. Absolute. */
  readonly cwd: string;
  /** Version of this Node: `v22.1.0`. */
  readonly node: string;
  /** Version of the compiler; undefined if there is none. */
  readonly compiler: string | undefined;
  /** ms since 1970. */
  readonly now: () => number;
  readonly project: Attempt<DoctorProject>;
}

/** Reads the site around a folder. Rejects never. */
export async function readSite(folder: string): Promise<DoctorSite> {
  const cwd = resolve(folder);
  return {
    cwd,
    node: process.version,
    compiler: compilerVersion(),
    now: Date.now,
    project: await attempt(() => readProject(cwd)),
  };
}

async function readProject(folder: string): Promise<DoctorProject> {
  // The same words for a missing folder as from every other command; a file in place of the output folder is the probe's.
  if (!existsSync(folder)) placeOfCommand(folder);
  const cwd = realpathSync(folder);
  const { root, stateDir, packageJson } = findProject(cwd);
  const settings = await attempt(() => readSettings(packageJson, join(root, "package.json")));
  return {
    root,
    isPackage: existsSync(join(root, "package.json")),
    stateDir,
    packageJson,
    settings,
    tsconfig: await attempt(() => readTsconfig({ from: cwd, root, settings: reached(settings) ?? {} })),
    manifest: await attempt(() => currentManifest({ cwd, root, stateDir })),
    store: await attempt(async () => (await import("@millrace/runtime")).inspectSqliteStore(stateDir)),
    ...(await probe(stateDir)),
  };
}
