/** The manifest of another build: one that lies beside the current one, or that of a commit, compiled in a temporary folder. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { type BuildHash, type Manifest, MillraceError, readManifest, STATE_PATHS } from "@millrace/core";
import { loadCompiler } from "./load-compiler.js";
import { manifestOfBuild } from "./manifest-of-build.js";
import type { CommandPlace } from "./place-of-command.js";

const run = promisify(execFile);

/**
 * The manifest of a build, by the start of its hash, or else of a commit.
 * @throws MillraceError `commit-unreadable`, `build-failed` if the commit has errors.
 */
export async function manifestAt(place: CommandPlace, name: string): Promise<Manifest> {
  return buildNamed(place, name) ?? (await manifestOfCommit(place, name));
}

/** The manifest of the sources as they are; writes nothing. @throws MillraceError `build-failed`. */
export async function manifestOfSources(cwd: string, whose = "The project"): Promise<Manifest> {
  const { compile } = await loadCompiler("compare builds");
  const { manifest, diagnostics } = await compile({ cwd, mode: "check" });
  if (manifest) return manifest;
  const first = diagnostics.find(({ severity }) => severity === "error");
  throw new MillraceError("build-failed", `${whose} does not compile: ${first?.message ?? "it has errors"}`, {
    hint: "`flow check` shows the errors of the project.",
  });
}

function buildNamed({ stateDir }: CommandPlace, name: string): Manifest | undefined {
  const builds = join(stateDir, "build");
  if (!/^[0-9a-f]{6,32}$/.test(name) || !existsSync(builds)) return undefined;
  const [hash, another] = readdirSync(builds).filter((each) => each.startsWith(name));
  if (hash === undefined || another !== undefined) return undefined;
  // The name of a folder of builds is the hash of one.
  return manifestOfBuild(stateDir, hash as BuildHash);
}

/** True if a name is that of a build here, and no commit. */
export function isBuildName(place: CommandPlace, name: string): boolean {
  return buildNamed(place, name) !== undefined;
}

/** Packages are those that are installed now. */
async function manifestOfCommit({ root }: CommandPlace, ref: string): Promise<Manifest> {
  const top = realpathSync((await git(root, ref, ["rev-parse", "--show-toplevel"])).trim());
  const commit = (
    await git(root, ref, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])
  ).trim();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "millrace-commit-")));
  try {
    const archive = join(folder, "commit.tar");
    const files = join(folder, "files");
    await git(top, ref, ["archive", "--prefix=files/", "-o", archive, commit]);
    await run("tar", ["-xf", archive, "-C", folder]);
    linkPackages(top, root, files);
    return await manifestOfSources(join(files, relative(top, root)), ref);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Links each `node_modules` between a project and the top of its repository. */
function linkPackages(top: string, root: string, files: string): void {
  for (let from = root; ; from = dirname(from)) {
    const packages = join(from, "node_modules");
    const place = join(files, relative(top, from));
    if (existsSync(packages) && existsSync(place)) symlinkSync(packages, join(place, "node_modules"), "junction");
    if (from === top || dirname(from) === from) return;
  }
}

/** What Git prints. @throws MillraceError `commit-unreadable`, naming `ref`. */
export async function git(cwd: string, ref: string, given: readonly string[]): Promise<string> {
  try {
    return (await run("git", [...given], { cwd, maxBuffer: 1 << 26 })).stdout;
  } catch (cause) {
    throw new MillraceError("commit-unreadable", `${ref} is neither a build here nor a commit that Git can read.`, {
      hint: "Name a commit, or a build by the start of its hash; `flow runs` shows the builds of runs.",
      data: { ref, folder: cwd },
      cause,
    });
  }
}

/** Where the current build's manifest lies; undefined without a build. */
export function currentBuild({ stateDir }: CommandPlace): Manifest | undefined {
  const file = join(stateDir, STATE_PATHS.manifest);
  return existsSync(file) ? readManifest(readFileSync(file, "utf8"), file) : undefined;
}
