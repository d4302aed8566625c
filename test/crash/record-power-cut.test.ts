/**
 * Power cuts under a folder of stored flows: what had been said to be written is still there, nothing is torn, and the flows go on. Needs strace
 * (Linux).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderRecords, recordOf } from "@millrace/jobs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { random } from "../engine/random-bodies.js";
import { afterPowerCut, type Found, type Luck } from "./power-cut/after-power-cut.js";
import { type DiskOp, readTrace, straceArguments } from "./power-cut/disk-trace.js";

const CUTS = 80;
const LUCKS: readonly Luck[] = ["nothing", "everything", "any part", "torn"];

const canTrace = spawnSync("strace", ["-f", "--seccomp-bpf", "-o", "/dev/null", "true"]).status === 0;

let around: string;
let folder: string;
beforeEach(() => {
  around = realpathSync(mkdtempSync(join(tmpdir(), "record-cuts-")));
  folder = join(around, "made/flows");
});
afterEach(() => rmSync(around, { recursive: true, force: true }));

/** Lets a process change flows, under the eyes of strace. @param faults More of its arguments. */
function record(faults: readonly string[]): DiskOp[] {
  const child = join(import.meta.dirname, "power-cut/records-child.mjs");
  const trace = join(around, "trace");
  const args = [...straceArguments(trace), ...faults, process.execPath, child, folder];
  const { status, stderr } = spawnSync("strace", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the traced process ended with ${String(status)}: ${stderr}`);
  return readTrace(trace, around);
}

/** Puts on the disk what was found. What lies in a folder that was lost is lost. */
function restore(found: Found): void {
  rmSync(join(around, "made"), { recursive: true, force: true });
  for (const [path, data] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    try {
      if (data === undefined) mkdirSync(path, { recursive: false });
      else writeFileSync(path, data);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/** What had been said before the cut: the number of each flow, or `gone`. */
function said(ops: readonly DiskOp[], cut: number): ReadonlyMap<string, string> {
  const lines = ops.slice(0, cut).flatMap((op) => (op.type === "said" ? op.text.trim().split("\n") : []));
  return new Map(lines.map((line) => line.split(" ").slice(1) as [string, string]));
}

/** What is lost, as sentences; then the flows go on. */
async function lostIn(ops: readonly DiskOp[], cut: number, luck: Luck, seed: number): Promise<readonly string[]> {
  restore(afterPowerCut(ops, cut, luck, random(seed)));
  const records = new FolderRecords(folder);
  const lost: string[] = [];
  const told = said(ops, cut);
  for (const [key, number] of told) {
    const there = (await recordOf(records, key))?.flow.data.n as number | undefined;
    // The last that the process does is to remove it, and to begin it again.
    const mayBeGone = key === "once-10" && told.has("once-40");
    const isKept = there === undefined ? mayBeGone : number === "gone" ? there === 99 : there >= Number(number);
    if (!isKept) lost.push(`cut ${cut} of ${ops.length}, ${luck}, seed ${seed}: ${key} is ${there}, not ${number}`);
  }
  for (const key of await records.keys()) {
    const after = await records.change(key, (there) => there && { flow: { ...there.flow, data: { n: 1_000 } } });
    expect([key, after?.flow.data.n]).toEqual([key, 1_000]);
  }
  return lost;
}

describe.skipIf(!canTrace)("a folder of stored flows whose power is cut", () => {
  it(`has all that was said to be written in ${CUTS} states of the disk`, { timeout: 120_000 }, async () => {
    const ops = record([]);
    const next = random(20_31);
    for (let i = 0; i < CUTS; i++) {
      const cut = Math.floor(((i + next()) / CUTS) * ops.length);
      expect(await lostIn(ops, cut, LUCKS[i % LUCKS.length] ?? "torn", i + 1)).toEqual([]);
    }
    expect(said(ops, ops.length).get("often")).toBe("40");
    const count = (type: DiskOp["type"]): number => ops.filter((op) => op.type === type).length;
    expect([count("sync") > 40, count("sync-folder") > 40, count("rename") > 5]).toEqual([true, true, true]);
  });

  it("is not fooled: without syncs, what was said gets lost", { timeout: 120_000 }, async () => {
    const ops = record(["-e", "inject=fsync,fdatasync:retval=0"]);
    let losses = 0;
    for (let i = 1; i <= 8; i++) {
      const lost = await lostIn(ops, Math.floor((ops.length * i) / 9), "any part", i).catch(() => ["torn"]);
      if (lost.length > 0) losses += 1;
    }
    expect(losses).toBeGreaterThan(4);
  });
});
