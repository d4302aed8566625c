/** The project of this folder, compiled into a folder of its own, and the two doors through which tests use it: `flow` and the engine. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { compile } from "@millrace/compiler";
import { projectFrom, type TestProject } from "../cli/flow-process.js";
import { type Child, type Ended, startNode } from "./child.js";

const FLOW = new URL("../../packages/cli/bin/flow.js", import.meta.url).pathname;
const ENGINE = new URL("engine-child.mjs", import.meta.url).pathname;

/** What `engine-child.mjs` prints. */
export interface EngineReport {
  /** Set if openEngine, start or resume threw. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string; readonly data: unknown };
  readonly outcome?: {
    readonly status: string;
    readonly value?: unknown;
    readonly code?: string;
    readonly message?: string;
  };
  /** What kept the process alive, before the engine was opened and after it was closed. */
  readonly resources: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Worker threads after the engine was closed. */
  readonly workers: number;
}

/** How the engine is asked. */
export interface EngineRequest {
  readonly start?: string;
  readonly resume?: string;
  /** A JavaScript expression. */
  readonly params?: string;
  readonly id?: string;
  /** Heap of each thread, MiB. */
  readonly heapMb?: number;
}

/** A compiled copy of the project. */
export interface BuiltProject {
  readonly dir: string;
  /** The lines that steps have written while they ran, in order. */
  journal(): Promise<readonly string[]>;
  /** Runs a command to its end. */
  flow(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Starts a command. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Child;
  /** Uses the engine, in a process of its own that must end by itself with exit code 0. */
  engine(request: EngineRequest): Promise<EngineReport>;
  /** Another copy, as the project is now. */
  copy(): Promise<BuiltProject>;
  remove(): Promise<void>;
}

/** Compiles the project once; tests that damage it take copies. */
export async function buildProject(): Promise<BuiltProject> {
  const project = await projectFrom(join(import.meta.dirname, "project"));
  const { manifest, diagnostics } = await compile({ cwd: project.dir, mode: "build" });
  if (!manifest) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return around(project);
}

function around(project: TestProject): BuiltProject {
  const { dir } = project;
  const file = join(dir, "journal");
  const environment = (env: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    E2E_JOURNAL: file,
    ...env,
  });
  return {
    dir,
    journal: async () => (existsSync(file) ? (await readFile(file, "utf8")).split("\n").filter(Boolean) : []),
    flow: (args, env) => startNode(dir, [FLOW, ...args], environment(env)).done,
    start: (args, env) => startNode(dir, [FLOW, ...args], environment(env)),
    engine: async (request) => {
      const { code, stdout, stderr } = await startNode(dir, [ENGINE, JSON.stringify(request)], environment()).done;
      if (code !== 0) throw new Error(`the engine's process ended with ${String(code)}:\n${stderr}`);
      return JSON.parse(stdout) as EngineReport;
    },
    copy: async () => around(await project.copy()),
    remove: () => project.remove(),
  };
}
