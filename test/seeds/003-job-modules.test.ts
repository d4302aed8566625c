/** Jobs of flow specs: the scenarios of their ancestor, by number. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type FlowSpec,
  flowSpecToFlow,
  type JobHandlerOptions,
  type JobModule,
  jobHandler,
  runUntilDone,
  type SpecFlow,
  tickFlow,
} from "@millrace/jobs";
import { startCommand } from "@millrace/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "jobs-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Sums numbers with a shell, by the program that its configuration names. */
const sum: JobModule = {
  config: { ECHO: { env: "CHEM_LIB_EXE" }, EXTRA: { env: "CHEM_EXTRA", required: false } },
  buildWorkDir: ({ dir, params }) => {
    const { numbers } = params as { numbers: number[] };
    writeFileSync(
      join(dir, "entrypoint.sh"),
      `echo begun >> ../runs\n"$ECHO" $((${numbers.join("+")})) > sum\necho ok`,
    );
  },
  parseWorkDir: ({ dir }) => Number(readFileSync(join(dir, "sum"), "utf8")),
};

const spec = (...numbers: readonly number[]): FlowSpec => ({
  tasks: [{ key: "sum", taskType: "job", taskParams: { jobType: "sum", jobParams: { numbers } } }],
});
const job = (more: Partial<JobHandlerOptions> = {}) => ({
  handlers: { job: jobHandler({ modules: { sum }, root: join(root, "work"), env: { CHEM_LIB_EXE: "echo" }, ...more }) },
});
const dataOf = (flow: SpecFlow) => flow.task("sum")?.data as unknown as { job: string; result: number };
const runs = () =>
  existsSync(join(root, "work/runs")) ? readFileSync(join(root, "work/runs"), "utf8").split("\n").length - 1 : 0;

test("16: a job has a folder with entrypoint, spec, logs and status; its module can be tried alone", async () => {
  const flow = await runUntilDone(flowSpecToFlow(spec(1, 2)), job());
  expect(flow.errors).toEqual([]);
  const { job: name, result } = dataOf(flow);
  expect(result).toBe(3);
  const dir = join(root, "work", name);
  expect(readdirSync(dir).sort()).toEqual([
    "COMPLETED",
    "entrypoint.sh",
    "job.json",
    "parsed.json",
    "stderr.log",
    "stdout.log",
    "sum",
  ]);
  expect(JSON.parse(readFileSync(join(dir, "job.json"), "utf8"))).toEqual({
    jobType: "sum",
    jobParams: { numbers: [1, 2] },
  });
  expect(readFileSync(join(dir, "stdout.log"), "utf8")).toBe("ok\n");
  writeFileSync(join(root, "sum"), "7");
  expect(sum.parseWorkDir({ dir: root, params: {} })).toBe(7);
});

test("16: a job that fails says why, in its flow and in its folder, and is computed anew", async () => {
  const bad: JobModule = {
    ...sum,
    buildWorkDir: ({ dir }) => writeFileSync(join(dir, "entrypoint.sh"), "echo why >&2\nexit 3"),
  };
  const flow = await runUntilDone(flowSpecToFlow(spec(1)), job({ modules: { sum: bad } }));
  expect(flow.errors[0]?.message).toMatch(/^entrypoint\.sh ended with 3\.[\s\S]*stderr\.log:\nwhy$/);
  const [name = ""] = readdirSync(join(root, "work")).filter((one) => one.startsWith("sum-"));
  expect(readFileSync(join(root, "work", name, "FAILED"), "utf8")).toBe(flow.errors[0]?.message);
  expect((await runUntilDone(flowSpecToFlow(spec(1)), job())).status).toBe("COMPLETED");
});

test("16: a job type without a module is refused before its flow begins, or fails the task that gets it on the way", async () => {
  const options = job({ modules: { sun: sum } });
  await expect(runUntilDone(flowSpecToFlow(spec(1)), options)).rejects.toMatchObject({
    code: "flow-spec-invalid",
    message: expect.stringMatching(
      /tasks\[0\]\.taskParams has the jobType "sum", which has no module\. Did you mean "sun"/,
    ),
  });
  const tasks = [{ taskType: "job", taskParams: { jobType: "$ctx.flow.data.type" } }];
  const late = await runUntilDone(flowSpecToFlow({ data: { type: "sum" }, tasks }), options);
  expect(late.errors[0]?.message).toMatch(/"sum", which has no module\. Did you mean "sun"/);
});

test("17: what was recorded stands for a run: nothing is started, and the result is the same", async () => {
  const recordings = join(root, "recordings");
  const recorded = await runUntilDone(flowSpecToFlow(spec(2, 3)), job({ runner: "record", recordings }));
  expect([recorded.task("sum")?.data.result, runs()]).toEqual([5, 1]);
  rmSync(join(root, "work"), { recursive: true });
  // No environment: what is not started needs none.
  const prebaked = job({ runner: "prebaked", recordings, env: {} });
  const played = await runUntilDone(flowSpecToFlow(spec(2, 3)), prebaked);
  expect([played.task("sum")?.data, runs()]).toEqual([recorded.task("sum")?.data, 0]);
  const missing = await runUntilDone(flowSpecToFlow(spec(2, 4)), prebaked);
  expect(missing.errors[0]?.message).toMatch(/^There is no recording of sum with these parameters/);
});

test("17: a job that was computed before is recorded, too; half a recording is none", async () => {
  const recordings = join(root, "recordings");
  await runUntilDone(flowSpecToFlow(spec(2, 3)), job());
  const recorded = await runUntilDone(flowSpecToFlow(spec(2, 3)), job({ runner: "record", recordings }));
  const { job: name } = dataOf(recorded);
  expect([recorded.errors, runs()]).toEqual([[], 1]);
  expect(readdirSync(join(recordings, name)).sort()).toEqual([
    "COMPLETED",
    "entrypoint.sh",
    "job.json",
    "stderr.log",
    "stdout.log",
    "sum",
  ]);
  const played = () =>
    runUntilDone(flowSpecToFlow(spec(2, 3)), job({ runner: "prebaked", recordings, root: join(root, "other") }));
  rmSync(join(recordings, name, "COMPLETED"));
  expect((await played()).errors[0]?.message).toMatch(/^There is no recording of sum/);
  writeFileSync(join(recordings, name, "COMPLETED"), "");
  expect([(await played()).task("sum")?.data.result, runs()]).toEqual([5, 1]);
  const nowhere = await runUntilDone(flowSpecToFlow(spec(9)), job({ runner: "record" }));
  expect(nowhere.errors[0]?.message).toBe('The runner "record" of jobs needs a folder of recordings.');
});

test("18: what the environment lacks is said before anything runs, all of it; one built job runs in two environments", async () => {
  const two = { ...sum, config: { ...sum.config, LIB: { env: "CHEM_LIB" } } };
  const flow = flowSpecToFlow({ tasks: [{ taskType: "print", taskParams: { msg: "begun" } }, ...spec(1).tasks] });
  const lines: string[] = [];
  const options = { ...job({ modules: { sum: two }, env: {} }), print: (line: string) => lines.push(line) };
  await expect(tickFlow(flow, options)).rejects.toMatchObject({
    code: "flow-spec-invalid",
    message: expect.stringContaining(
      "tasks[1].taskParams needs what the environment does not have: CHEM_LIB_EXE, CHEM_LIB.",
    ),
  });
  expect([lines, flow.status]).toEqual([[], "PENDING"]);
  const entrypoints: unknown[] = [];
  for (const env of [{ CHEM_LIB_EXE: "echo" }, { CHEM_LIB_EXE: "/bin/echo" }]) {
    const done = await runUntilDone(flowSpecToFlow(spec(1)), job({ env }));
    const { job: name, result } = dataOf(done);
    entrypoints.push([result, readFileSync(join(root, "work", name, "entrypoint.sh"), "utf8")]);
    rmSync(join(root, "work", name), { recursive: true });
  }
  expect(entrypoints[1]).toEqual(entrypoints[0]);
  // What was built once runs where another program does the work, as it stands.
  const built = await runUntilDone(flowSpecToFlow(spec(1)), job());
  const dir = join(root, "work", dataOf(built).job);
  writeFileSync(join(root, "shout"), '#!/bin/sh\necho "$1$1"\n', { mode: 0o755 });
  execFileSync("bash", ["entrypoint.sh"], { cwd: dir, env: { ...process.env, ECHO: join(root, "shout") } });
  expect(sum.parseWorkDir({ dir, params: {} })).toBe(11);
});

test("19: equal jobs of flows that are ticked at once, or later, are computed once", async () => {
  const options = job();
  const ticked = () => runUntilDone(flowSpecToFlow(spec(4, 5)), options);
  const [one, two] = await Promise.all([ticked(), ticked()]);
  const later = await runUntilDone(flowSpecToFlow(spec(4, 5)), job());
  expect(runs()).toBe(1);
  for (const flow of [one, two, later])
    expect(flow.task("sum")?.data).toEqual({ job: one.task("sum")?.data.job, result: 9 });
});

test("19: a job is parsed once, until its parser or its version is another one; a version computes it anew", async () => {
  const parses: string[] = [];
  const parsing: JobModule = {
    ...sum,
    parseWorkDir: (context) => {
      parses.push("one");
      return sum.parseWorkDir(context);
    },
  };
  const resultOf = async (module: JobModule) => {
    const { data } =
      (await runUntilDone(flowSpecToFlow(spec(4, 5)), job({ modules: { sum: module } }))).task("sum") ?? {};
    return data?.result;
  };
  expect([await resultOf(parsing), await resultOf(parsing), parses]).toEqual([9, 9, ["one"]]);
  const better: JobModule = {
    ...sum,
    parseWorkDir: ({ dir }) => {
      parses.push("two");
      return { sum: Number(readFileSync(join(dir, "sum"), "utf8")) };
    },
  };
  expect([await resultOf(better), await resultOf(better), parses, runs()]).toEqual([
    { sum: 9 },
    { sum: 9 },
    ["one", "two"],
    1,
  ]);
  expect([await resultOf({ ...parsing, version: "2" }), runs()]).toEqual([9, 2]);
  const [name = ""] = readdirSync(join(root, "work")).filter((one) => one.startsWith("sum-"));
  writeFileSync(join(root, "work", name, "parsed.json"), "{");
  expect(await resultOf(parsing)).toBe(9);
  const bad = await runUntilDone(
    flowSpecToFlow(spec(4, 5)),
    job({ modules: { sum: { ...sum, parseWorkDir: () => ({ when: new Date(0) }) } } }),
  );
  expect(bad.errors[0]?.message).toBe("What parseWorkDir says is no JSON: it.when is a Date.");
});

test("16: the folder of a job goes into the next one, which is computed anew when the first is another", async () => {
  const twice: JobModule = {
    buildWorkDir: ({ dir, params }) => {
      const before = readFileSync(join(dir, "..", String(params.of), "sum"), "utf8").trim();
      writeFileSync(join(dir, "entrypoint.sh"), `echo begun >> ../runs\necho $((2 * ${before})) > out`);
    },
    parseWorkDir: ({ dir }) => Number(readFileSync(join(dir, "out"), "utf8")),
  };
  const chain = (...numbers: readonly number[]): FlowSpec => ({
    tasks: [
      ...spec(...numbers).tasks,
      {
        key: "twice",
        taskType: "job",
        taskParams: { jobType: "twice", jobParams: { of: "$ctx.flow.tasks.sum.data.job" } },
      },
    ],
  });
  const options = job({ modules: { sum, twice } });
  const ran = async (given: FlowSpec) =>
    (await runUntilDone(flowSpecToFlow(given), options)).task("twice")?.data.result;
  expect([await ran(chain(1, 2)), await ran(chain(1, 2)), runs()]).toEqual([6, 6, 2]);
  expect([await ran(chain(1, 3)), runs()]).toEqual([8, 4]);
});

describe("19: two processes with one folder of jobs", () => {
  const child = () =>
    startCommand({ command: process.execPath, args: [join(import.meta.dirname, "fixtures/jobs-child.mjs"), root] });
  const computed = () => readFileSync(join(root, "runs"), "utf8");

  test("compute an equal job once: the other one waits for it", async () => {
    const first = child();
    await first.line("up");
    const second = child();
    writeFileSync(join(root, "open"), "");
    const ends = await Promise.all([first.done, second.done]);
    const said = ends.map(({ stdout }) => stdout.trim().split("\n").at(-1));
    expect([said[0], computed()]).toEqual([expect.stringMatching(/^COMPLETED \d+$/), "x"]);
    expect(said[1]).toBe(said[0]);
  });

  test("go on with the job of one that is killed when its claim has ended, from the start", async () => {
    const dead = child();
    await dead.line("up");
    const other = child();
    dead.kill("SIGKILL");
    await dead.done;
    await other.line("up");
    writeFileSync(join(root, "open"), "");
    const { stdout } = await other.done;
    expect([stdout, computed()]).toEqual([expect.stringMatching(/^up\nCOMPLETED \d+\n$/), "xx"]);
  });
});
