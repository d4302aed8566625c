/**
 * Every workload in every front end that can say it, on every executor and store: one text for all, byte for byte. What a front end cannot say is
 * listed with the reason, and leaves the list when it can.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { type Engine, openEngine } from "@millrace/runtime";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { specsOnEngine, specsTicked } from "./front-ends/flow-specs.js";
import { flowClasses, flowFunctions } from "./front-ends/flows.js";
import type { FrontEnd, Place, Way } from "./front-ends/front-end.js";
import { jobGraphs } from "./front-ends/job-graphs.js";
import { projects } from "./front-ends/projects.js";
import { ruleSets } from "./front-ends/rule-sets.js";
import { schedulers } from "./front-ends/schedulers.js";
import { yamlJobs } from "./front-ends/yaml-jobs.js";
import { EXECUTORS, STORES } from "./places.js";
import { twoLives } from "./two-lives.js";
import { NAMES, type Workload } from "./workload.js";

const FRONT_ENDS = [
  flowClasses,
  flowFunctions,
  jobGraphs,
  yamlJobs,
  schedulers,
  specsOnEngine,
  specsTicked,
  projects,
  ruleSets,
];

const golden = (workload: Workload): string => readFileSync(new URL(`golden/${workload}.txt`, import.meta.url), "utf8");

let project: TestProject;
beforeAll(async () => {
  project = await createTestProject({ from: new URL("./project", import.meta.url) });
  const { diagnostics } = await project.build();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});
afterAll(() => project.remove());

let folders = 0;
function folder(): string {
  folders += 1;
  const path = project.path(`cell-${folders}`);
  mkdirSync(path);
  return path;
}

async function holds(workload: Workload, { run, cannot }: Way, place: Place): Promise<void> {
  const trace = await run(place);
  const wanted = golden(workload);
  if (!cannot) return expect(trace).toBe(wanted);
  const known = new Set(wanted.split("\n"));
  expect(trace.split("\n").filter((line) => !known.has(line))).toEqual(cannot.instead);
}

/** All workloads of all front ends of a kind, on one engine. */
function cells(kind: FrontEnd["on"], executor: string, store: string): void {
  describe(`${executor}, ${store}`, () => {
    const closers: (() => Promise<unknown>)[] = [];
    let engine: Engine;
    beforeAll(async () => {
      const tasks = EXECUTORS[executor]?.();
      if (tasks) closers.unshift(async () => tasks.close());
      const kept = await STORES[store]?.(folder());
      if (!kept) throw new Error(`There is no store ${store}.`);
      closers.unshift(async () => kept.close());
      engine = await openEngine({
        cwd: project.root,
        store: kept,
        observers: [],
        ...(tasks ? { executor: tasks } : {}),
      });
      closers.unshift(() => engine.close());
    });
    afterAll(async () => {
      for (const close of closers) await close();
    });

    for (const { name, ways } of FRONT_ENDS.filter(({ on }) => on === kind))
      it.each(NAMES)(`${name}: %s`, (workload) => holds(workload, ways[workload], { engine, folder: folder() }));
  });
}

for (const store of Object.keys(STORES)) {
  for (const executor of Object.keys(EXECUTORS)) cells("tasks", executor, store);
  cells("commands", "bash", store);
}

/** Front ends whose runs another engine goes on with. */
const DURABLE = FRONT_ENDS.filter(({ on }) => on !== "nothing");

describe.each(Object.keys(STORES).filter((store) => store !== "memory"))("closed in the middle, %s", (store) => {
  for (const { name, ways } of DURABLE)
    it.each(NAMES)(`${name}: %s`, async (workload) => {
      const kept = folder();
      const openStore = () => STORES[store]?.(kept) ?? Promise.reject(new Error(`There is no store ${store}.`));
      const { engine, close } = await twoLives(project.root, openStore);
      try {
        await holds(workload, ways[workload], { engine, folder: folder() });
      } finally {
        await close();
      }
    });
});

it("every front end goes on, but for ticked specs: they are the record, and no engine holds them", () => {
  expect(FRONT_ENDS.filter((one) => !DURABLE.includes(one))).toEqual([specsTicked]);
});

// Ticks need no engine, and are given none.
it.each(NAMES)("flow spec, ticked: %s", (workload) => holds(workload, specsTicked.ways[workload], {} as Place));

describe("docs/front-ends.md", () => {
  const repository = new URL("../../../", import.meta.url);
  const page = readFileSync(new URL("docs/front-ends.md", repository), "utf8");

  it("has a row for each front end, with the reason for what it cannot say", () => {
    for (const { name, ways } of FRONT_ENDS) {
      const said = NAMES.map((workload) => ways[workload].cannot?.reason ?? ways[workload].note ?? "yes");
      expect(page).toContain(`| ${[name, ...said].join(" | ")} |`);
    }
  });

  it("names tests that there are", () => {
    const named = [...page.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, path]) => String(path));
    expect(named).not.toEqual([]);
    expect(named.filter((path) => !existsSync(new URL(path, repository)))).toEqual([]);
  });
});
