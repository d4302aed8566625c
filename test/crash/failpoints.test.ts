/** SIGKILL at every failpoint of one run that meets all of them: what was recorded holds, nothing recorded runs again, and the end is right. */

import { FAILPOINTS, type Failpoint } from "@millrace/runtime/internal";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Piece } from "../engine/random-bodies.js";
import { judge, stepsIn } from "./kills/judge-lives.js";
import { type History, killsProject, liveThrough } from "./kills/lives.js";

let project: TestProject;
let ids = 0;

beforeAll(async () => {
  project = await killsProject();
});

afterAll(() => project.remove());

const piece = (type: string, task: number, ...kids: readonly Piece[]): Piece => ({ type, id: ids++, task, kids });
const call = (task: number): Piece => piece("call", task);

/** Of everything something: large values, retries, sleeps, messages, shared state, local steps, sub-flows, branches, maps, a race. */
const EVERYTHING = piece(
  "seq",
  0,
  call(0),
  call(2),
  piece("local", 0),
  piece("shared", 2),
  piece("together", 0, call(1), piece("sleep", 1)),
  piece("wait", 1),
  piece("map", 0, call(0), call(2), call(3)),
  piece("sub", 0, call(1), piece("shared", 3), call(3)),
  piece("attempt", 3, call(0)),
  piece("contest", 0, call(0), piece("sleep", 2), call(1)),
  piece("shared", 0),
  piece("collect", 0, call(0), call(1)),
  piece("wait", 2),
  call(3),
);

/** It is held once, stopped in its midst, and goes on. */
const HISTORY: History = {
  program: EVERYTHING,
  failpoints: [],
  executor: "threads",
  until: 9,
  breakpoints: ["T2"],
  messages: Array.from({ length: 20 }, (_, i) => (i % 5 === 4 ? { name: "m2", data: i } : undefined)),
  seed: 7,
};

describe("SIGKILL", { timeout: 300_000 }, () => {
  it("has what it takes: an undisturbed run goes well", async () => {
    const lives = await liveThrough(project, HISTORY);
    expect(lives.map(({ end }) => end?.status)).toEqual(["suspended", "succeeded"]);
    await judge(project, HISTORY, lives);
  });

  it.concurrent.each(FAILPOINTS)("at %s is survived", async (name: Failpoint) => {
    const accept = name.endsWith("record-moved");
    const history = { ...HISTORY, accept, failpoints: [`${name}:1`] };
    const lives = await liveThrough(project, history);
    const kill = lives.find(({ killed }) => killed);
    expect(kill, `${name} was not reached`).toBeDefined();
    await judge(project, history, lives);
    console.log(`killed at ${name}: ${stepsIn(kill?.facts ?? [])} steps on record, ${lives.length} lives`);
  });
});

it("a name that is none is refused before anything begins", async () => {
  const env = { MILLRACE_FAILPOINT: "jobs-notd:1" };
  const { code, stderr } = await project.node(["-e", 'import("millrace/engine")'], { env }).done;
  expect(stderr).toContain('MILLRACE_FAILPOINT cannot be "jobs-notd:1".');
  expect(code).toBe(1);
});
