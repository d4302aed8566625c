/** Kills a run at a line of its journal, looks at what stood on the disk at that moment, and resumes it. */
import { watch } from "node:fs";
import { join } from "node:path";
import { decodeValue, type RunId, type StepTotals } from "@millrace/core";
import { openSqliteStore } from "@millrace/runtime";
import type { RunningCommand, TestProject } from "@millrace/testing";
import { integrityOf, JOURNAL, journal } from "./crash-project.js";

const CHILD = join(import.meta.dirname, "child.mjs");
const RUN = "killed" as RunId;

/** A step that was on the disk when the process died. */
export interface Recorded {
  readonly key: string;
  readonly nonce: string;
  /** What it had counted up to in shared state, in the same transaction; undefined if that is missing. */
  readonly count: unknown;
}

/** What one kill and one resume showed. */
export interface Kill {
  /** Journal lines at which the process was killed. */
  readonly target: number;
  readonly recorded: readonly Recorded[];
  /** SQLite's own verdict on the copied database. */
  readonly integrity: string;
  /** Nonces in the resumed run's result. */
  readonly nonces: ReadonlySet<string>;
  /** Executions of each step over both lives, by key. */
  readonly executions: ReadonlyMap<string, number>;
  readonly totals: StepTotals;
  readonly status: string;
  /** The shared state at the end. */
  readonly shared: readonly (readonly [string, unknown])[];
}

/** A value of the task `Nonce`. */
interface Mark {
  readonly step: string;
  readonly nonce: string;
}

/** What `child.mjs` prints. */
interface Resumed {
  readonly status: string;
  readonly totals: StepTotals;
  readonly result?: readonly Mark[];
  readonly shared: Kill["shared"];
}

/** Runs the built project in a folder of its own, kills it at the journal's n-th line, and resumes it. */
export async function killAndResume(built: TestProject, target: number, recording: "on" | "off"): Promise<Kill> {
  await using project = await built.copy();
  await using copy = await liveUntil(project, target, recording);
  const dir = copy.path(".flow");
  const recorded = await recordedIn(dir);
  const integrity = integrityOf(copy.path(".flow/state.db"));

  const { code, json, stderr } = await start(project, "resume", "on").done;
  if (code !== 0) throw new Error(`the resumed process ended with ${String(code)}: ${stderr}`);
  const { result = [], totals, status, shared } = json<Resumed>();
  const executions = new Map<string, number>();
  for (const key of journal(project)) executions.set(key, (executions.get(key) ?? 0) + 1);
  const nonces = new Set(result.map((mark) => mark.nonce));
  return { target, recorded, integrity, nonces, executions, totals, status, shared };
}

function start(project: TestProject, mode: "start" | "resume", recording: "on" | "off"): RunningCommand {
  return project.node([CHILD, project.root, RUN, mode, recording]);
}

/** Lives until the process has been killed, or has ended by itself before the line came; then what stood on the disk. */
async function liveUntil(project: TestProject, target: number, recording: "on" | "off"): Promise<TestProject> {
  project.write(JOURNAL, "");
  const child = start(project, "start", recording);
  const watcher = watch(project.path(JOURNAL), () => {
    if (journal(project).length >= target) child.kill("SIGKILL");
  });
  await child.done;
  watcher.close();
  return project.copy();
}

async function recordedIn(dir: string): Promise<Recorded[]> {
  const store = await openSqliteStore({ dir });
  try {
    const recorded: Recorded[] = [];
    const counts = new Map<string, unknown>();
    for await (const fact of store.read(RUN)) {
      if (fact.kind === "shared-commit" && fact.value) counts.set(fact.key, decodeValue(fact.value.read()));
      if (fact.kind !== "step-settled" || fact.state !== "succeeded" || !fact.value) continue;
      recorded.push({
        key: fact.key,
        nonce: (decodeValue(fact.value.read()) as Mark).nonce,
        count: counts.get(fact.key),
      });
    }
    return recorded;
  } finally {
    await store.close();
  }
}
