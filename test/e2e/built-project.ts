/** The project of this folder, compiled, and its third door beside files and `flow`: the engine, as an application uses it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createTestProject, type TestProject } from "@millrace/testing";

const ENGINE = fileURLToPath(new URL("engine-child.mjs", import.meta.url));

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

const JOURNAL = "journal";

/** Compiles the project; tests that damage it take copies. */
export async function buildProject(): Promise<TestProject> {
  const from = new URL("project", import.meta.url);
  const project = await createTestProject({ from, env: { E2E_JOURNAL: JOURNAL } });
  const { manifest, diagnostics } = await project.build();
  if (!manifest) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return project;
}

/** The lines that steps have written while they ran, in order. */
export function journal(project: TestProject): readonly string[] {
  return existsSync(project.path(JOURNAL)) ? project.read(JOURNAL).split("\n").filter(Boolean) : [];
}

/** Uses the engine, in a process of its own that must end by itself with exit code 0. */
export async function askEngine(project: TestProject, request: EngineRequest): Promise<EngineReport> {
  const ended = await project.node([ENGINE, JSON.stringify(request)]).done;
  if (ended.code !== 0) throw new Error(`the engine's process ended with ${String(ended.code)}:\n${ended.stderr}`);
  return ended.json<EngineReport>();
}
