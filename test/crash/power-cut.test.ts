/**
 * Power cuts: a run's writes are recorded call by call, the folder is rebuilt as it may stand on the disk after any of them, and the run goes
 * on from there. Whatever the engine had announced is still on record, nothing recorded runs again, nothing is torn. Needs strace (Linux).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeValue, type RunId } from "@millrace/core";
import { inlineExecutor, openEngine, openSqliteStore } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../engine/random-bodies.js";
import { crashProject, integrityOf, JOURNAL, journal } from "./crash-project.js";
import { afterPowerCut, type Found, type Luck } from "./power-cut/after-power-cut.js";
import { type DiskOp, readTrace, straceArguments } from "./power-cut/disk-trace.js";

const CUTS = Number(process.env.MILLRACE_CUTS ?? 60);
const RUN = "cut" as RunId;
const STEPS = 40;
const LUCKS: readonly Luck[] = ["nothing", "everything", "any part", "torn"];

const canTrace = spawnSync("strace", ["-f", "--seccomp-bpf", "-o", "/dev/null", "true"]).status === 0;

let project: TestProject;

beforeAll(async () => {
  project = await crashProject();
  process.env.CRASH_JOURNAL = project.path(JOURNAL);
});

afterAll(() => project.remove());

/** Lives the run once, under the eyes of strace. @param faults More of its arguments. */
function record(faults: readonly string[]): DiskOp[] {
  clear();
  const child = join(import.meta.dirname, "power-cut/child.mjs");
  const trace = project.path("trace");
  const args = [...straceArguments(trace), ...faults, process.execPath, child, project.root, RUN];
  const { status, stderr } = spawnSync("strace", args, {
    cwd: project.root,
    env: { ...process.env, CRASH_JOURNAL: project.path(JOURNAL) },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the traced process ended with ${String(status)}: ${stderr}`);
  return readTrace(trace, project.path(".flow"));
}

function clear(): void {
  for (const name of ["state.db", "state.db-wal", "state.db-shm", "content", "inflight"])
    rmSync(project.path(`.flow/${name}`), { recursive: true, force: true });
  project.write(JOURNAL, "");
}

/** Puts on the disk what was found. What lies in a folder that was lost is lost. */
function restore(found: Found): void {
  clear();
  for (const [path, data] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    try {
      if (data === undefined) mkdirSync(path, { recursive: false });
      else writeFileSync(path, data);
    } catch (error) {
      if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

/** What the record holds: the nonce of each step by its key; undefined if there is no such run. */
async function recorded(): Promise<Map<string, string> | undefined> {
  const store = await openSqliteStore({ dir: project.path(".flow") });
  try {
    const nonces = new Map<string, string>();
    for await (const fact of store.read(RUN)) {
      if (fact.kind === "activation-settled") nonces.set(fact.key, "");
      if (fact.kind !== "step-settled" || !fact.value) continue;
      nonces.set(fact.key, (decodeValue(fact.value.read()) as { nonce: string }).nonce);
    }
    return nonces;
  } catch (error) {
    if ((error as { code?: unknown }).code === "unknown-run") return undefined;
    throw error;
  } finally {
    await store.close();
  }
}

/** Keys that the engine had announced before the cut. */
function announced(ops: readonly DiskOp[], cut: number): string[] {
  const lines = ops.slice(0, cut).flatMap((op) => (op.type === "said" ? op.text.split("\n") : []));
  return lines.filter((line) => line.startsWith("ack ")).map((line) => line.slice(4));
}

/** Goes on from what is on the disk. */
async function goOn(hasBegun: boolean): Promise<{ readonly ran: readonly string[]; readonly nonces: Set<string> }> {
  const engine = await openEngine({ cwd: project.root, executor: inlineExecutor({ width: 4 }), observers: [] });
  try {
    const run = hasBegun ? await engine.resume(RUN) : engine.start("Short", {}, { id: RUN });
    const marks = (await run.result()) as { nonce: string }[];
    return { ran: journal(project), nonces: new Set(marks.map(({ nonce }) => nonce)) };
  } finally {
    await engine.close();
  }
}

interface Judged {
  /** Steps on record when it went on. */
  readonly found: number;
  readonly isOver: boolean;
}

async function judge(ops: readonly DiskOp[], cut: number, luck: Luck, seed: number): Promise<Judged> {
  const where = `cut after call ${cut} of ${ops.length}, luck: ${luck}, seed ${seed}`;
  restore(afterPowerCut(ops, cut, luck, random(seed)));
  const told = announced(ops, cut);
  const before = await recorded();
  expect(integrityOf(project.path(".flow/state.db")), where).toBe("ok");
  const steps = told.filter((key) => key !== "end");
  expect(
    steps.filter((key) => !before?.has(key)),
    `${where}: announced and lost`,
  ).toEqual([]);
  if (told.includes("end")) return { found: STEPS, isOver: true };
  const over = await goOn(before !== undefined).catch((error: Error) => {
    if ("code" in error && error.code === "run-not-resumable") return undefined;
    throw new Error(`${where}: ${error.message}`, { cause: error });
  });
  const found = [...(before ?? [])].filter(([, nonce]) => nonce !== "");
  if (!over) return { found: found.length, isOver: true };
  expect(over.nonces.size, where).toBe(STEPS);
  expect(
    over.ran.filter((key) => before?.has(key)),
    `${where}: recorded and run again`,
  ).toEqual([]);
  expect(
    found.filter(([, nonce]) => !over.nonces.has(nonce)),
    `${where}: recorded and not in the result`,
  ).toEqual([]);
  return { found: found.length, isOver: false };
}

describe.skipIf(!canTrace)("a run whose power is cut", () => {
  it(`goes on from ${CUTS} states of the disk`, { timeout: 10_000 + 2_000 * CUTS }, async () => {
    const ops = record([]);
    const next = random(20_27);
    const judged: Judged[] = [];
    for (let i = 0; i < CUTS; i++) {
      const cut = Math.floor(((i + next()) / CUTS) * ops.length);
      judged.push(await judge(ops, cut, LUCKS[i % LUCKS.length] ?? "torn", i + 1));
    }
    const inside = judged.filter(({ found, isOver }) => found > 0 && !isOver);
    const count = (type: DiskOp["type"]): number => ops.filter((op) => op.type === type).length;
    console.log(
      `${ops.length} calls: ${count("write")} writes, ${count("sync")} syncs of files, ${count("sync-folder")} of folders; ` +
        `${CUTS} cuts, ${inside.length} of them with some steps on record`,
    );
    expect(count("sync"), "synced").toBeGreaterThan(10);
    expect(inside.length, "cuts inside of the run").toBeGreaterThan(CUTS / 3);
  });

  it("is not fooled: without syncs, what was announced gets lost", { timeout: 200_000 }, async () => {
    const ops = record(["-e", "inject=fsync,fdatasync:retval=0"]);
    expect(ops.some((op) => op.type === "sync")).toBe(false);
    const lost: string[] = [];
    for (let i = 1; i <= 8; i++) {
      await judge(ops, Math.floor((ops.length * i) / 9), "any part", i).catch((error: Error) =>
        lost.push(error.message),
      );
    }
    expect(lost.filter((message) => message.includes("announced and lost")).length, lost.join("\n")).toBeGreaterThan(4);
  });
});
