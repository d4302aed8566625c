/** Kills a run at a line of its journal, looks at what stood on the disk at that moment, and resumes it. */
import { type ChildProcess, spawn } from "node:child_process";
import { watch } from "node:fs";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { decodeValue, type RunId, type StepTotals } from "@millrace/core";
import { openSqliteStore } from "@millrace/runtime";
import Database from "libsql";

const CHILD = join(import.meta.dirname, "child.mjs");
const NODE_MODULES = resolve(import.meta.dirname, "../../node_modules");
const RUN = "killed" as RunId;

/** A step that was on the disk when the process died. */
export interface Recorded {
  readonly key: string;
  readonly nonce: string;
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
}

/** A value of the task `Nonce`. */
interface Mark {
  readonly step: string;
  readonly nonce: string;
}

/** Runs the built project in a folder of its own, kills it at the journal's n-th line, and resumes it. */
export async function killAndResume(
  built: string,
  folder: string,
  target: number,
  recording: "on" | "off",
): Promise<Kill> {
  await mkdir(folder, { recursive: true });
  await cp(join(built, ".flow"), join(folder, ".flow"), { recursive: true });
  await cp(join(built, "package.json"), join(folder, "package.json"));
  await symlink(NODE_MODULES, join(folder, "node_modules"));
  const journal = join(folder, "journal");
  await writeFile(journal, "");
  await liveUntil(folder, journal, target, recording);

  const copy = join(folder, "copy");
  await mkdir(copy);
  for (const name of ["state.db", "state.db-wal", "content"]) {
    await cp(join(folder, ".flow", name), join(copy, name), { recursive: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      },
    );
  }
  const recorded = await recordedIn(copy);
  const integrity = integrityOf(join(copy, "state.db"));

  const resumed = JSON.parse(await output(start(folder, journal, "resume", "on"))) as {
    readonly status: string;
    readonly totals: StepTotals;
    readonly result?: readonly Mark[];
  };
  const executions = new Map<string, number>();
  for (const key of (await readFile(journal, "utf8")).split("\n").filter(Boolean)) {
    executions.set(key, (executions.get(key) ?? 0) + 1);
  }
  const nonces = new Set((resumed.result ?? []).map((mark) => mark.nonce));
  return { target, recorded, integrity, nonces, executions, totals: resumed.totals, status: resumed.status };
}

function start(folder: string, journal: string, mode: "start" | "resume", recording: "on" | "off"): ChildProcess {
  return spawn(process.execPath, [CHILD, folder, RUN, mode, recording], {
    env: { ...process.env, CRASH_JOURNAL: journal },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Resolves when the process has been killed, or has ended by itself before the line came. */
async function liveUntil(folder: string, journal: string, target: number, recording: "on" | "off"): Promise<void> {
  const child = start(folder, journal, "start", recording);
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const watcher = watch(journal, () => {
    void readFile(journal, "utf8").then((text) => {
      if (text.split("\n").length > target) child.kill("SIGKILL");
    });
  });
  await ended;
  watcher.close();
}

async function output(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`the resumed process ended with ${String(code)}: ${text}`);
  return text;
}

async function recordedIn(dir: string): Promise<Recorded[]> {
  const store = await openSqliteStore({ dir });
  try {
    const recorded: Recorded[] = [];
    for await (const fact of store.read(RUN)) {
      if (fact.kind !== "step-settled" || fact.state !== "succeeded" || !fact.value) continue;
      recorded.push({ key: fact.key, nonce: (decodeValue(fact.value.read()) as Mark).nonce });
    }
    return recorded;
  } finally {
    await store.close();
  }
}

function integrityOf(file: string): string {
  const database = new Database(file);
  try {
    // One row, one column: "ok", or what is wrong.
    return String(Object.values(database.prepare("PRAGMA integrity_check").get([]) as Record<string, unknown>)[0]);
  } finally {
    database.close();
  }
}
