/** One consumer: a project of this folder with the flows of all, where the packed packages are installed. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { Environment, FinishedCommand, RunningCommand } from "@millrace/testing";
import { expect, inject } from "vitest";
import { start } from "../packages/command.js";

/** Longest life of a command, ms: large production builds on a slow machine fit well within. */
const DEADLINE_MS = 300_000;

const PROJECTS = join(import.meta.dirname, "project");

/** A consumer's project. */
export interface ConsumerProject {
  readonly dir: string;
  path(...parts: readonly string[]): string;
  /** Runs a JavaScript file, of the project or of an installed package (`next/dist/bin/next`), to its end. */
  node(file: string, args?: readonly string[], env?: Environment): Promise<FinishedCommand>;
  /** As `node`, and expects success. */
  succeed(file: string, args?: readonly string[]): Promise<FinishedCommand>;
  /** Starts a JavaScript file. */
  start(file: string, args?: readonly string[], env?: Environment): RunningCommand;
}

/** Files of installed packages, as tests run them. */
export const COMMAND = {
  flow: "node_modules/millrace/bin/flow.js",
  next: "node_modules/next/dist/bin/next",
  "tsc-5.9": "node_modules/typescript-5.9/bin/tsc",
  "tsc-6": "node_modules/typescript/bin/tsc",
  "tsc-7": "node_modules/typescript-7/bin/tsc",
} as const;

/** Copies a project; `flows` is where the shared flows go. */
export async function consumerProject(name: string, flows = "src/flows"): Promise<ConsumerProject> {
  const root = inject("consumers");
  const dir = join(root, name);
  await cp(join(PROJECTS, name), dir, { recursive: true });
  await cp(join(PROJECTS, "flows"), join(dir, flows), { recursive: true });
  const locate = (file: string): string => (file.startsWith("node_modules/") ? join(root, file) : file);
  const begin: ConsumerProject["start"] = (file, args = [], env = {}) =>
    start({
      cwd: dir,
      command: process.execPath,
      args: [locate(file), ...args],
      env: { NEXT_TELEMETRY_DISABLED: "1", ...env },
      deadlineMs: DEADLINE_MS,
    });
  const node: ConsumerProject["node"] = (...what) => begin(...what).done;
  return {
    dir,
    path: (...parts) => join(dir, ...parts),
    node,
    succeed: async (file, args) => {
      const finished = await node(file, args);
      expect(finished.code, finished.stdout + finished.stderr).toBe(0);
      return finished;
    },
    start: begin,
  };
}
