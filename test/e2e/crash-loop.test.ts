/** A step that ends the process of its run again and again is failed in the end, and those beside it are not. */
import type { RunDocument, RunView } from "@millrace/core";
import { createTestProject, type RunningCommand, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const NEIGHBOURS = 3;

const SOURCE = `
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, watch } from "node:fs";
import { Flow, Task, flow, param, task } from "millrace";

const life = Number(process.env.LIFE);
const here = () => readFileSync("journal", "utf8").split("\\n").filter((line) => line.startsWith(life + " neighbour")).length;

/** Ends the process in its first three lives: in two of them when all others run, in the third at once. */
@task()
export class Killer extends Task<string> {
  async run(): Promise<string> {
    appendFileSync("journal", life + " killer\\n");
    if (life > 3) return "behaves";
    const kill = () => {
      if (life === 3 || here() === ${NEIGHBOURS}) execFileSync("kill", ["-9", String(process.pid)]);
    };
    this.log.info("in flight");
    watch("journal", kill);
    kill();
    return new Promise(() => setInterval(() => {}, 60_000));
  }
}

/** Takes longer than its process lives. */
@task()
export class Neighbour extends Task<string> {
  @param() name!: number;
  async run(): Promise<string> {
    appendFileSync("journal", life + " neighbour " + this.name + "\\n");
    if (life > 3) return "fine";
    return new Promise(() => setInterval(() => {}, 60_000));
  }
}

@flow()
export class Loop extends Flow<unknown> {
  async run(): Promise<unknown> {
    const killer = this.call(Killer);
    const neighbours = this.map([0, 1, 2], (name) => this.call(Neighbour, { name }));
    await neighbours;
    return killer;
  }
}
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "es2022", module: "nodenext", strict: true, types: ["node"], skipLibCheck: true },
  include: ["src", ".flow/types.d.ts"],
});

let project: TestProject;
beforeAll(async () => {
  project = await createTestProject({ files: { "tsconfig.json": TSCONFIG, "src/flows.ts": SOURCE, journal: "" } });
  expect(await project.flow("build")).toMatchObject({ code: 0 });
});
afterAll(() => project.remove());

function live(life: number, ...args: readonly string[]): RunningCommand {
  return project.start([...args, "--json", "--threads", "8"], { env: { LIFE: String(life) } });
}

test("three times are enough; the failed run goes on once the cause is gone", async () => {
  for (const life of [1, 2, 3]) {
    const { signal } = await live(life, ...(life === 1 ? ["run", "Loop", "--id", "loop"] : ["resume", "loop"])).done;
    expect(signal).toBe("SIGKILL");
  }
  const fourth = await live(4, "resume", "loop").done;
  expect(fourth.code).toBe(1);
  expect(fourth.json<RunDocument>()).toMatchObject({
    status: "failed",
    steps: { succeeded: NEIGHBOURS, failed: 1 },
    error: { code: "crash-loop", message: expect.stringContaining("Killer was running each of the 3 times") },
  });
  const { steps } = (await project.flow("show", "loop", "--json")).json<RunView>();
  expect(steps.map(({ task, state }) => `${task} ${state}`).sort()).toEqual([
    "Killer failed",
    ...Array<string>(NEIGHBOURS).fill("Neighbour succeeded"),
  ]);

  const fifth = await live(5, "resume", "loop").done;
  expect(fifth.json()).toMatchObject({ status: "succeeded", result: "behaves", steps: { restored: NEIGHBOURS } });
  const killed = project
    .read("journal")
    .split("\n")
    .filter((line) => line.endsWith("killer"));
  expect(killed).toEqual(["1 killer", "2 killer", "3 killer", "5 killer"]);
});

test("a process that is told to end, even at once, has not crashed", async () => {
  for (const life of [1, 2, 3, 3]) {
    const args = life === 1 ? ["run", "Loop", "--id", "told"] : ["resume", "told"];
    // With one neighbour too few in the journal nobody is killed.
    project.write("journal", "");
    const running = project.start([...args, "--json", "--threads", "2"], { env: { LIFE: "2" } });
    await running.line("in flight");
    running.kill("SIGINT");
    await running.line("SIGINT: stopping");
    running.kill("SIGINT");
    expect((await running.done).code).toBe(130);
  }
  const done = await live(4, "resume", "told").done;
  expect(done.json()).toMatchObject({ status: "succeeded", result: "behaves" });
});
