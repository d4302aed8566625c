/** Runs the command `flow` as a child process, in projects copied from a fixture. */
import { cp, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Child, type Ended, startNode } from "../e2e/child.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const FLOW = join(REPOSITORY, "packages/cli/bin/flow.js");

/** A copy of a project in a folder of its own. */
export interface TestProject {
  readonly dir: string;
  /** Runs a command to its end. */
  flow(...args: string[]): Promise<Ended>;
  /** Starts a command. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Child;
  /** Another copy, with whatever the project holds now. */
  copy(): Promise<TestProject>;
  remove(): Promise<void>;
}

/** Copies a project folder, with this repository's packages as its node_modules. */
export async function projectFrom(source: string): Promise<TestProject> {
  // The real path, since the command reports real paths.
  const dir = await realpath(await mkdtemp(join(tmpdir(), "millrace-cli-")));
  await cp(source, dir, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
  await symlink(join(REPOSITORY, "node_modules"), join(dir, "node_modules"));
  return {
    dir,
    flow: (...args) => startFlow(dir, args).done,
    start: (args, env) => startFlow(dir, args, env),
    copy: () => projectFrom(dir),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** The fixture of this folder: flows that greet, fail and wait. */
export const HELLO: string = fileURLToPath(new URL("./fixtures/hello", import.meta.url));

/** Environment that hides the packages whose names begin so. */
export function withoutPackage(name: string): Readonly<Record<string, string>> {
  const preload = new URL("./without-package.mjs", import.meta.url).href;
  return { NODE_OPTIONS: `--import=${preload}`, WITHOUT_PACKAGE: name };
}

/** A production install. */
export const WITHOUT_COMPILER: Readonly<Record<string, string>> = withoutPackage("@millrace/compiler");

function startFlow(cwd: string, args: readonly string[], env?: Readonly<Record<string, string>>): Child {
  return startNode(cwd, [FLOW, ...args], env);
}
