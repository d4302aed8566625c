/** Checks of what no test can do to its machine: an old Node, clocks that differ, a full and a slow disk, SQLite without WAL. */
import type { DoctorCheck } from "@millrace/core";
import { expect, test } from "vitest";
import type { Attempt } from "./attempt.js";
import type { DoctorProject, DoctorSite } from "./doctor-site.js";
import { examine } from "./examine.js";
import type { DiskProbe } from "./probe.js";

const NOW = 1_800_000_000_000;

const DISK: DiskProbe = {
  folder: "/project/.flow",
  freeBytes: 50e9,
  totalBytes: 100e9,
  freeFiles: 900,
  totalFiles: 1_000,
  syncMs: [1, 900, 2, 3, 2, 1, 2],
  fileTime: NOW + 3,
  before: NOW,
  after: NOW + 5,
  elapsed: 5,
};

const DATABASE = { file: "state.db", driver: "node", sqlite: "3.50.0", journalMode: "wal", synchronous: 2 } as const;

interface Differences {
  readonly node?: string;
  readonly disk?: Partial<DiskProbe>;
  readonly database?: Partial<Record<keyof typeof DATABASE, unknown>>;
}

function given<T>(value: T): Attempt<T> {
  return { status: "fulfilled", value };
}

const NOT_READ: Attempt<never> = { status: "rejected", reason: new Error("not read") };

/** What the named check says of a healthy machine that differs in one thing. */
async function says(
  name: string,
  { node = "v22.15.0", disk, database }: Differences,
): Promise<DoctorCheck | undefined> {
  const project: DoctorProject = {
    root: "/project",
    isPackage: true,
    stateDir: "/project/.flow",
    packageJson: {},
    settings: given({}),
    tsconfig: NOT_READ,
    manifest: NOT_READ,
    store: given(undefined),
    disk: given({ ...DISK, ...disk }),
    // Safe: settings that SQLite may answer with.
    database: given({ ...DATABASE, ...(database as object) }),
  };
  const site: DoctorSite = { cwd: "/project", node, compiler: undefined, now: () => NOW, project: given(project) };
  return (await examine(site)).find((check) => check.name === name);
}

test.each(["node", "sqlite", "clock", "space", "disk"])("%s is well on a healthy machine", async (name) => {
  expect(await says(name, {})).toMatchObject({ name, state: "ok" });
});

test.each<[string, string, Differences, RegExp, RegExp]>([
  ["node", "problem", { node: "v18.20.4" }, /v18\.20\.4 is too old/, /Install Node 20\.19\.0/],
  ["node", "problem", { node: "v20.18.3" }, /too old/, /newer/],
  ["sqlite", "problem", { database: { journalMode: "delete" } }, /journal_mode delete/, /stateDir/],
  ["sqlite", "problem", { database: { synchronous: 1 } }, /synchronous 1/, /local disk/],
  ["clock", "warning", { disk: { fileTime: NOW - 60_000 } }, /1 min 00 s off/, /set both clocks/],
  ["clock", "warning", { disk: { fileTime: NOW + 60_000 } }, /file system/, /local disk/],
  ["clock", "warning", { disk: { after: NOW - 10_000, fileTime: NOW - 5_000 } }, /jumped by 10\.0 s back/, /slew/],
  ["space", "problem", { disk: { freeBytes: 1e6 } }, /977 KiB of 93\.1 GiB/, /Make room/],
  ["space", "warning", { disk: { freeBytes: 0.9e9, totalBytes: 10e9 } }, /free/, /Make room/],
  ["space", "warning", { disk: { freeBytes: 4e9 } }, /free/, /stateDir/],
  ["space", "warning", { disk: { freeFiles: 10 } }, /10 of 1,000 files/, /Make room/],
  ["disk", "warning", { disk: { syncMs: [60, 70, 80, 1, 90, 2, 75] } }, /70\.0 ms \(median of 7\)/, /faster/],
])("%s: %s", async (name, state, differences, finding, remedy) => {
  expect(await says(name, differences)).toMatchObject({
    state,
    finding: expect.stringMatching(finding),
    remedy: expect.stringMatching(remedy),
  });
});

test("a file system that counts no files has room for them", async () => {
  expect(await says("space", { disk: { freeFiles: 0, totalFiles: 0 } })).toMatchObject({ state: "ok" });
});
