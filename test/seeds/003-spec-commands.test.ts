/** Stored flows from the command line: put on record, ticked by runners that may die, looked at, removed. Scenario 15 by the real command. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FlowRecord } from "@millrace/jobs";
import { createTestProject, type TestProject } from "@millrace/testing";
import { beforeEach, describe, expect, it } from "vitest";

const HANDLERS = `
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
const wait = async (print, file, word) => {
  print(word);
  while (!existsSync(file)) await pause(5);
};
export const handlers = {
  greet: ({ params, data }) => { data.text = "Hello " + params.name; },
  countdown: {
    initialTick: ({ params, data }) => { data.left = params.from; return "RUNNING"; },
    intermediateTick: ({ data }) => { data.left -= 1; return data.left === 0 ? undefined : "RUNNING"; },
  },
  fail: () => { throw new Error("no luck\\nat all"); },
  gate: async ({ print, params, data }) => { await wait(print, params.file, "up"); data.by = process.env.RUNNER ?? "nobody"; },
};
export const transforms = { loud: (text) => text.toUpperCase() };
`;

let project: TestProject;
beforeEach(async () => {
  project = await createTestProject();
  project.write("handlers.mjs", HANDLERS);
  project.write(
    "package.json",
    JSON.stringify({ millrace: { specs: { handlers: "./handlers.mjs", records: "flows" } } }),
  );
  return () => project.remove();
});

const spec = (...args: readonly string[]) => project.flow("spec", ...args);

async function add(key: string, tasks: readonly object[], ...more: readonly string[]): Promise<void> {
  project.write(`${key}.json`, JSON.stringify({ key, tasks }));
  expect(await spec("add", `${key}.json`, ...more)).toMatchObject({ code: 0, stdout: `${key}\n` });
}

interface Listed {
  readonly key: string;
  readonly status: string;
  readonly tasks: Readonly<Record<string, string>>;
}

async function statuses(...selectors: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { flows } = (await spec("list", ...selectors, "--json")).json<{ readonly flows: readonly Listed[] }>();
  return Object.fromEntries(flows.map(({ key, status }) => [key, status]));
}

const noop = [{ taskType: "noop" }];
const print = (msg: string) => ({ taskType: "print", taskParams: { msg } });

describe("1. flow spec add", () => {
  it("stores the ancestor's example, which a round ticks to its end", async () => {
    const tasks = ["task_1", "task_2"].map((key) => ({
      key,
      task_type: "print",
      task_params: { msg: `I am ${key}.` },
    }));
    project.write("example.json", JSON.stringify({ label: "example_flow", tasks }));
    const key = (await spec("add", "example.json")).stdout.trim();
    expect(key).toMatch(/^[0-9a-f-]{36}$/);
    const ticked = await spec("tick");
    expect([ticked.code, ticked.stdout]).toEqual([0, `${key}: COMPLETED\n`]);
    expect(ticked.stderr).toBe("I am task_1.\nI am task_2.\n1 flow ticked, 1 over, 0 open.\n");
    expect((await spec("list")).stdout).toMatch(new RegExp(`^FLOW .*\n${key}  COMPLETED +2/2 +2 +example_flow\n$`));
  });

  it("takes a key and data, and stores nothing of a dry run", async () => {
    project.write(
      "hello.json",
      JSON.stringify({
        data: { name: "Ann", n: 1 },
        tasks: [{ taskType: "greet", taskParams: { name: "$ctx.flow.data.name" } }],
      }),
    );
    const more = ["--key", "bob", "--data", "name=Bob", "--data", "days=[1,2]"];
    const dry = await spec("add", "hello.json", ...more, "--dry-run");
    expect([dry.code, dry.stdout, await statuses()]).toEqual([0, "task-1 (greet)\n", {}]);
    expect((await spec("add", "hello.json", ...more)).stdout).toBe("bob\n");
    await spec("tick");
    const { flow } = (await spec("show", "bob", "--json")).json<FlowRecord>();
    expect([flow.data, flow.tasks[0]?.data]).toEqual([{ name: "Bob", n: 1, days: [1, 2] }, { text: "Hello Bob" }]);
    expect(await spec("add", "hello.json", "--key", "bob")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"bob" is stored already'),
    });
    expect(await spec("add", "hello.json", "--data", "name")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("gives no value"),
    });
  });

  it("shows what is wrong at its place, types without handlers, too, and stores nothing", async () => {
    project.write(
      "bad.json",
      '{\n  "tasks": [\n    { "task_type": "gret" },\n    { "task_type": "noop", "precursor": "task-1" }\n  ]\n}\n',
    );
    const wrong = await spec("add", "bad.json");
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/^bad\.json:4:28 .*\n.*Did you mean "precursors"/),
    ]);
    project.write("bad.json", project.read("bad.json").replace(', "precursor": "task-1"', ""));
    const unknown = await spec("add", "bad.json");
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/^bad\.json:3:7 .*\n.*"gret", which has no handler\. Did you mean "greet"/),
    ]);
    for (const [text, message] of [
      ["{", /bad\.json:1:2/],
      ["[]", /must be a flow spec/],
      ["7", /holds no flow spec/],
      ['{"tasks":[],"data":[]}', /must be an object, not a list/],
    ] as const) {
      project.write("bad.json", text);
      const refused = await spec("add", "bad.json", "--data", "a=1");
      expect([text, refused.code, refused.stderr]).toEqual([text, 2, expect.stringMatching(message)]);
    }
    expect((await spec("add", "nothing.json")).stderr).toMatch(/nothing\.json cannot be read/);
    expect(await statuses()).toEqual({});
  });
});

describe("9. flow spec tick", () => {
  it("makes a round within its limits, or goes round until all is over", async () => {
    for (const key of ["a", "b"]) await add(key, [{ taskType: "countdown", taskParams: { from: 2 } }]);
    await add("c", noop);
    expect((await spec("tick", "--max-flows", "2", "--dry-run")).stdout).toBe("would tick a\nwould tick b\n");
    expect((await spec("tick", "--max-flows", "2", "--max-ticks", "1", "--json")).json()).toMatchObject({
      rounds: 1,
      ticked: ["a", "b"],
      over: [],
      open: ["a", "b", "c"],
    });
    expect((await spec("tick", "--max-flows", "1", "--json")).json()).toMatchObject({
      over: [{ key: "c", status: "COMPLETED" }],
    });
    const done = await spec("tick", "--until-done", "--interval", "0s", "--json");
    expect([done.code, done.json()]).toEqual([
      0,
      expect.objectContaining({ ticked: ["a", "b"], open: [], refused: [], lost: [] }),
    ]);
    expect(await statuses()).toEqual({ a: "COMPLETED", b: "COMPLETED", c: "COMPLETED" });
    expect(await spec("tick")).toMatchObject({ code: 0, stderr: "0 flows ticked, 0 over, 0 open.\n" });
  });

  it("ticks those that are meant, by key, pattern, label or status", async () => {
    for (const key of ["day-1", "day-2", "night-1"]) await add(key, noop);
    await spec("tick", "day-1", "night*");
    expect(await statuses()).toEqual({ "day-1": "COMPLETED", "day-2": "PENDING", "night-1": "COMPLETED" });
    expect(await statuses("status:pending")).toEqual({ "day-2": "PENDING" });
    expect(await statuses("/^day/")).toEqual({ "day-1": "COMPLETED", "day-2": "PENDING" });
    expect(await statuses("label:night-?")).toEqual({ "night-1": "COMPLETED" });
    const typo = await spec("tick", "day-1", "dya-2");
    expect([typo.code, typo.stderr]).toEqual([
      2,
      expect.stringMatching(/No flow "dya-2" is stored\.\n.*Did you mean "day-2"/),
    ]);
    expect(await spec("list", "status:done")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("There are PENDING, RUNNING, COMPLETED, FAILED"),
    });
  });

  it("fails with a flow that fails, or that it has no handlers for; the others are ticked", async () => {
    await add("bad", [{ key: "f", taskType: "fail" }, ...noop]);
    await add("good", noop);
    const failed = await spec("tick");
    expect([failed.code, failed.stdout]).toEqual([1, "bad: FAILED\n  f: no luck\n  at all\ngood: COMPLETED\n"]);
    expect((await spec("show", "bad")).stdout).toMatch(
      /^bad: FAILED after 1 tick\n\nTASK .*\nf +fail +FAILED +1 +no luck\ntask-2 +noop +SKIPPED +0 +f /,
    );
    await add("greets", [{ taskType: "greet", taskParams: { name: "Ann" } }]);
    await add("other", noop);
    project.write("less.mjs", "export default { handlers: { gret() {} } };");
    const less = await spec("tick", "--handlers", "less.mjs", "--until-done");
    expect([less.code, less.stdout]).toEqual([1, "other: COMPLETED\n"]);
    expect(less.stderr).toMatch(/^refused: greets: .*\n.*"greet", which has no handler\. Did you mean "gret"\?/m);
    expect(await spec("tick", "greets")).toMatchObject({ code: 0 });
  });

  it.each([
    ["throw new Error('not today')", /failed on import: not today/],
    ["export const handler = {}", /exports no handlers/],
    ["export const handlers = 5", /exports no handlers/],
    ["export default { handlers: {}, transforms: 'x' }", /exports no transforms/],
  ])("says what is wrong with a module of handlers: %s", async (text, message) => {
    await add("a", noop);
    project.write("bad.mjs", text);
    const refused = await spec("tick", "--handlers", "bad.mjs");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(await statuses()).toEqual({ a: "PENDING" });
  });
});

describe("15. runners as processes", () => {
  const gated = (key: string) =>
    add(key, [print(`begin ${key}`), { key: "gate", taskType: "gate", taskParams: { file: project.path("open") } }]);
  const tick = (runner: string, ...more: readonly string[]) =>
    project.start(["spec", "tick", "--runner", runner, "--claim", "2s", "--interval", "50ms", ...more], {
      env: { RUNNER: runner },
    });
  const gateOf = async (key: string) => {
    const { flow, claim } = (await spec("show", key, "--json")).json<FlowRecord>();
    return { status: flow.status, by: flow.tasks[1]?.data.by, holder: claim?.runner };
  };

  it("tick one flow each at a time; the flow of one that is killed goes on with another, from what was written last", async () => {
    await gated("a");
    await gated("b");
    const dead = tick("dead", "--until-done");
    await dead.line("up");
    const other = tick("other", "--until-done");
    await other.line("up");
    // The first has begun a, so the other one has b; neither has both.
    expect([(await gateOf("a")).holder, (await gateOf("b")).holder]).toEqual(["dead", "other"]);
    expect(await spec("rm", "a")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"a" is being ticked by dead'),
    });
    dead.kill("SIGKILL");
    await dead.done;
    writeFileSync(project.path("open"), "");
    const { code, stdout, stderr } = await other.done;
    expect([code, stdout.split("\n").sort()]).toEqual([0, ["", "a: COMPLETED", "b: COMPLETED"]]);
    expect(stderr).not.toContain("begin a");
    expect([await gateOf("a"), await gateOf("b")]).toEqual([
      { status: "COMPLETED", by: "other", holder: undefined },
      { status: "COMPLETED", by: "other", holder: undefined },
    ]);
  });

  it("go round for ever with --forever, and take flows that come later; a tick has its time", async () => {
    const runner = tick("service", "--forever", "--tick-timeout", "300ms");
    await add("later", [print("at last")]);
    await runner.line("at last");
    await runner.line("later: COMPLETED");
    await gated("stuck");
    await runner.line("stuck: FAILED");
    await runner.line("gate: Its tick did not end within 300 ms");
    runner.kill("SIGTERM");
    expect((await runner.done).code).toBe(143);
    expect(await spec("tick", "--forever", "--until-done")).toMatchObject({ code: 2 });
  });

  it("stop at a signal behind the tick that goes on, and give the flow back", async () => {
    await gated("a");
    await add("b", noop);
    const runner = tick("stopped", "--until-done");
    await runner.line("up");
    runner.kill("SIGINT");
    await runner.line("stopping behind the tick");
    writeFileSync(project.path("open"), "");
    expect((await runner.done).code).toBe(130);
    expect(await gateOf("a")).toEqual({ status: "COMPLETED", by: "stopped", holder: undefined });
    expect(await statuses("b")).toEqual({ b: "PENDING" });
  });
});

it("flow spec rm removes what is meant, records that nobody can read by their keys, too", async () => {
  for (const key of ["a", "b", "c", "broken"]) await add(key, noop);
  await spec("tick", "a", "b");
  const broken = project.path("flows", "broken");
  writeFileSync(join(broken, readdirSync(broken)[0] as string, "1.json"), "{");
  const listed = await spec("list");
  expect([listed.code, listed.stderr]).toEqual([
    0,
    expect.stringMatching(/^warning: broken cannot be read: .* is damaged/),
  ]);
  expect((await spec("rm", "status:COMPLETED", "--dry-run")).stdout).toBe("would remove a\nwould remove b\n");
  expect((await spec("rm", "status:COMPLETED")).stdout).toBe("removed a\nremoved b\n");
  expect(await spec("rm", "status:COMPLETED")).toMatchObject({ code: 0, stderr: "No flow is meant.\n" });
  expect(await spec("rm", "c", "d")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No flow "d" is stored'),
  });
  expect((await spec("rm", "c", "broken", "--json")).json()).toEqual({
    meant: ["c", "broken"],
    removed: ["c", "broken"],
    kept: [],
  });
  expect((await spec("list")).stderr).toBe("No flow is stored. Store one with `flow spec add <file>`.\n");
  expect(await spec("show", "c")).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown-flow") });
});

it("flow spec needs no package.json, and says what is wrong with its settings", async () => {
  project.write("package.json", JSON.stringify({ millrace: { specs: { handler: "./handlers.mjs" } } }));
  const wrong = await spec("list");
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringMatching(/"millrace\.specs" must be an object such as \{ "handlers"/),
  ]);
  project.write("bare/hello.json", JSON.stringify({ key: "hello", tasks: [print("hello")] }));
  const bare = ["--cwd", project.path("bare")];
  project.write("package.json", "{}");
  expect((await spec("add", project.path("bare/hello.json"), "--records", project.path("elsewhere"))).code).toBe(0);
  expect(readdirSync(project.path("elsewhere"))).toContain("hello");
  expect((await spec("list", ...bare, "--records", project.path("elsewhere"), "--json")).json()).toMatchObject({
    flows: [{ key: "hello" }],
  });
});
