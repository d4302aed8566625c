/** Flow specs, ticked in this process: the scenarios of their ancestor, by number. */
import {
  type FlowSpec,
  flowFromJson,
  flowSpecToFlow,
  runUntilDone,
  type SpecFlow,
  type TaskHandler,
  type TaskSpec,
  tickFlow,
} from "@millrace/jobs";
import { describe, expect, test } from "vitest";

type Handlers = Readonly<Record<string, TaskHandler>>;

const noop = (key: string, more: Partial<TaskSpec> = {}): TaskSpec => ({ key, taskType: "noop", ...more });
const failing: Handlers = {
  fail: ({ task }) => {
    throw new Error(`no luck in ${task.key}`);
  },
};
const statuses = ({ tasks }: SpecFlow) => Object.fromEntries(tasks.map(({ key, status }) => [key, status]));

function printed(): { readonly lines: string[]; readonly print: (line: string) => void } {
  const lines: string[] = [];
  return { lines, print: (line) => lines.push(line) };
}

/** The issues of a spec that is refused, as `path message`. */
function issuesOf(spec: unknown): readonly string[] {
  try {
    flowSpecToFlow(spec as FlowSpec);
  } catch (error) {
    const { code, data } = error as { code: string; data: { issues: { path: string; message: string }[] } };
    expect(code).toBe("flow-spec-invalid");
    return data.issues.map(({ path, message }) => `${path} ${message}`);
  }
  throw new Error("The spec was taken.");
}

const example = {
  label: "example_flow",
  tasks: [
    { key: "task_1", task_type: "print", task_params: { msg: "I am task_1." } },
    { key: "task_2", task_type: "print", task_params: { msg: "I am task_2." } },
  ],
};

describe("1: two prints", () => {
  test("are ticked to their end, as the ancestor writes it", async () => {
    const { lines, print } = printed();
    const flow = flowSpecToFlow(example);
    while (!["FAILED", "COMPLETED"].includes(flow.status)) await tickFlow(flow, { print });
    expect([lines, flow.status, flow.ticks]).toEqual([["I am task_1.", "I am task_2."], "COMPLETED", 2]);
  });

  test("with a key, a configuration and fields in our spelling", async () => {
    const { lines, print } = printed();
    const spec: FlowSpec = {
      label: "example_flow",
      key: "some-unique-key-12345",
      cfg: { failFast: false },
      tasks: [
        { key: "task_1", taskType: "print", taskParams: { msg: "I am task_1." } },
        { key: "task_2", taskType: "log", taskParams: { msg: { n: 2 } } },
      ],
    };
    const flow = await runUntilDone(flowSpecToFlow(spec), { print });
    expect(lines).toEqual(["I am task_1.", '[example_flow/task_2] {"n":2}']);
    expect([flow.key, flow.status]).toEqual(["some-unique-key-12345", "COMPLETED"]);
  });

  test("a spec is typed, and a wrong one is refused with all that is wrong and where", () => {
    // @ts-expect-error a task has a type
    const untyped: FlowSpec = { tasks: [{ key: "a" }] };
    expect(issuesOf(untyped)).toEqual(["tasks[0].taskType is left out: it says which handler ticks the task"]);
    const wrong = issuesOf({
      label: 7,
      cfg: { failFsat: true },
      data: { when: new Date(0) },
      tasks: [
        { key: "a b", taskType: "noop" },
        { taskType: "noop", task_type: "noop", taskParam: {} },
        3,
        noop("n", { data: { list: [1, Number.NaN] } }),
      ],
    });
    expect(wrong).toEqual([
      expect.stringMatching(/^cfg\.failFsat is no field of it\. Did you mean "failFast"/),
      "label must be a text that is not empty, not 7",
      "data.when is a Date, and flows are JSON between ticks",
      expect.stringMatching(/^tasks\[0\]\.key must be a text without spaces/),
      "tasks[1].task_type stands there twice, as taskType and task_type",
      expect.stringMatching(/^tasks\[1\]\.taskParam is no field of it\. Did you mean "taskParams"/),
      "tasks[2] must be a task: { key, taskType, taskParams }, not 3",
      "tasks[3].data.list[1] is NaN, and flows are JSON between ticks",
    ]);
    expect(issuesOf(null)).toEqual([" must be a flow spec: { tasks }, not null"]);
    expect(issuesOf(JSON.parse('{"tasks":[],"data":{"__proto__":{"polluted":true}}}'))).toEqual([
      "data has a member named __proto__, and flows are JSON between ticks",
    ]);
  });

  test("a type without a handler is refused before anything runs", async () => {
    const { lines, print } = printed();
    const flow = flowSpecToFlow({ tasks: [...example.tasks, { task_type: "pirnt" }] });
    await expect(tickFlow(flow, { print })).rejects.toMatchObject({
      code: "flow-spec-invalid",
      message: expect.stringMatching(/tasks\[2\]\.taskType is "pirnt", which has no handler\. Did you mean "print"/),
    });
    expect([lines, flow.status]).toEqual([[], "PENDING"]);
  });
});

test("2: a flow is JSON between ticks, and goes on from it", async () => {
  const ends: unknown[] = [];
  for (const stopAt of [0, 1, 2, 3]) {
    const { lines, print } = printed();
    let flow = flowSpecToFlow({ ...example, key: "k" });
    for (let tick = 0; tick < stopAt; tick++) await tickFlow(flow, { print });
    const text = JSON.stringify(flow);
    flow = flowFromJson(text);
    expect(JSON.stringify(flow)).toBe(text);
    await runUntilDone(flow, { print });
    ends.push([lines, flow.toJSON()]);
  }
  for (const end of ends) expect(end).toEqual(ends[0]);
  expect(() => flowFromJson("{")).toThrow(/is no JSON/);
  expect(() => flowFromJson('{"version":2,"tasks":[{"key":"a","taskType":"noop","status":"DONE"}]}')).toThrow(
    /version must be 1, not 2[\s\S]*tasks\[0\]\.status must be PENDING/,
  );
});

test("3: a join begins after all of its precursors, not after the first", async () => {
  const order: string[] = [];
  const countdown: TaskHandler = ({ task, params, data }) => {
    data.left = ((data.left as number | undefined) ?? (params.ticks as number)) - 1;
    if (data.left !== 0) return "RUNNING";
    order.push(task.key);
    return undefined;
  };
  const counting = (key: string, ticks: number, precursors: readonly string[]): TaskSpec => ({
    key,
    taskType: "countdown",
    taskParams: { ticks },
    precursors,
  });
  const flow = flowSpecToFlow({
    tasks: [
      counting("top", 1, []),
      counting("slow", 4, ["top"]),
      counting("fast", 1, ["top"]),
      counting("join", 1, ["slow", "fast"]),
    ],
  });
  expect(flow.precursorsOf("join").map(({ key }) => key)).toEqual(["slow", "fast"]);
  expect(flow.successorsOf("top").map(({ key }) => key)).toEqual(["slow", "fast"]);
  expect(flow.tailTasks().map(({ key }) => key)).toEqual(["join"]);
  await runUntilDone(flow, { handlers: { countdown } });
  expect(order).toEqual(["top", "fast", "slow", "join"]);
});

test("4: a task that names no neighbours follows the one before it; ROOT and successors make others", () => {
  const flow = flowSpecToFlow({
    tasks: [
      noop("a"),
      noop("b"),
      noop("c", { precursors: "ROOT" }),
      noop("d", { successors: ["e"] }),
      noop("e"),
      noop("f", { precursors: [] }),
    ],
  });
  expect(flow.tasks.map(({ key, precursors }) => [key, ...precursors])).toEqual([
    ["a"],
    ["b", "a"],
    ["c"],
    ["d"],
    ["e", "d"],
    ["f"],
  ]);
  expect(flow.tickableTasks().map(({ key }) => key)).toEqual(["a", "c", "d", "f"]);
  const unnamed = flowSpecToFlow({ tasks: [{ taskType: "noop" }, { taskType: "noop" }] });
  expect(unnamed.tasks[1]).toMatchObject({ key: "task-2", precursors: ["task-1"] });
});

describe("5: a task fails", () => {
  const tasks: readonly TaskSpec[] = [
    { key: "bad", taskType: "fail" },
    noop("behind"),
    noop("far", { precursors: "behind" }),
    noop("other", { precursors: "ROOT" }),
    noop("beside", { precursors: "other" }),
  ];
  const behind = { bad: "FAILED", behind: "SKIPPED", far: "SKIPPED" };

  test("failFast: the flow ends with it", async () => {
    const flow = await runUntilDone(flowSpecToFlow({ tasks }), { handlers: failing });
    expect([flow.status, flow.ticks, flow.errors]).toEqual(["FAILED", 1, [{ task: "bad", message: "no luck in bad" }]]);
    expect(statuses(flow)).toEqual({ ...behind, other: "SKIPPED", beside: "SKIPPED" });
  });

  test("else what does not depend on it finishes, what does is skipped, and the flow fails all the same", async () => {
    const flow = await runUntilDone(flowSpecToFlow({ cfg: { failFast: false }, tasks }), { handlers: failing });
    expect([flow.status, flow.errors.length]).toEqual(["FAILED", 1]);
    expect(statuses(flow)).toEqual({ ...behind, other: "COMPLETED", beside: "COMPLETED" });
    expect(flow.task("far")?.error).toBe('Skipped: "behind" did not complete.');
  });

  test("what runs when the flow ends is aborted", async () => {
    const flow = flowSpecToFlow({
      tasks: [
        { key: "long", taskType: "wait" },
        { key: "bad", taskType: "fail", precursors: "ROOT" },
      ],
    });
    await runUntilDone(flow, { handlers: { ...failing, wait: () => "RUNNING" } });
    expect(statuses(flow)).toEqual({ long: "ABORTED", bad: "FAILED" });
  });
});

describe("6: a handler throws", () => {
  test.each([1, 2, 3])("on tick %i, in the last task: the flow is never COMPLETED", async (failsAt) => {
    const late: TaskHandler = ({ task }) => {
      if (task.ticks === failsAt) throw new Error("too late");
      return "RUNNING";
    };
    const flow = flowSpecToFlow({ tasks: [noop("a"), { key: "last", taskType: "late" }] });
    await runUntilDone(flow, { handlers: { late } });
    expect([flow.status, flow.errors]).toEqual(["FAILED", [{ task: "last", message: "too late" }]]);
    expect(flow.task("last")).toMatchObject({ status: "FAILED", error: "too late", ticks: failsAt });
  });

  test("or rejects, leaves what is no JSON, comes to what there is not", async () => {
    const handlers: Handlers = {
      rejects: async () => Promise.reject(new Error("later")),
      leaves: ({ data, flowData }) => {
        data.fn = () => 1;
        flowData.when = new Date(0);
      },
      // biome-ignore lint/suspicious/noExplicitAny: an outcome that types refuse
      returns: () => "DONE" as any,
      once: { initialTick: () => "RUNNING" },
    };
    const flow = flowSpecToFlow({
      cfg: { failFast: false },
      tasks: Object.keys(handlers).map((key) => ({ key, taskType: key, precursors: "ROOT" })),
    });
    await runUntilDone(flow, { handlers });
    expect(flow.status).toBe("FAILED");
    expect(flow.errors).toEqual([
      { task: "rejects", message: "later" },
      { task: "leaves", message: '"leaves" left behind what is no JSON: its data.fn is a function.' },
      { task: "returns", message: '"returns" came to "DONE": a handler returns nothing, "RUNNING" or { proxy }.' },
      { task: "once", message: expect.stringMatching(/has no intermediateTick/) },
    ]);
    expect(flowFromJson(JSON.stringify(flow)).toJSON()).toEqual(flow.toJSON());
  });
});

test("7: a key twice, unknown neighbours and cycles are refused, all at once", () => {
  const tasks = [
    noop("a"),
    noop("a"),
    noop("b", { precursors: ["bb"] }),
    noop("c", { successors: "nobody" }),
    noop("ROOT"),
  ];
  expect(issuesOf({ tasks })).toEqual([
    'tasks[1].key is "a", and so is that of tasks[0]: keys are unique',
    "tasks[4].key must not be ROOT: that is the precursor which is always completed",
    expect.stringMatching(/^tasks\[2\]\.precursors names "bb", and the flow has no such task\./),
    'tasks[3].successors names "nobody", and the flow has no such task. Name one of the flow\'s tasks',
  ]);
  expect(issuesOf({ tasks: [noop("a", { precursors: "b" }), noop("b")] })).toEqual([
    expect.stringMatching(
      /^tasks\[0\]\.precursors lead back to it: (a waits for b waits for a|b waits for a waits for b)/,
    ),
  ]);
  expect(issuesOf({ tasks: [noop("a", { precursors: "a" })] })).toEqual([
    "tasks[0].precursors lead back to it: a waits for a",
  ]);
});

test("8: a handler of several ticks keeps its state in the task's data, across processes", async () => {
  const countdown: TaskHandler = {
    initialTick: ({ data, params }) => {
      data.left = params.from as number;
      return "RUNNING";
    },
    intermediateTick: ({ data }) => {
      data.left = (data.left as number) - 1;
      return data.left === 0 ? undefined : "RUNNING";
    },
  };
  let flow = flowSpecToFlow({ tasks: [{ key: "count", taskType: "countdown", taskParams: { from: 3 } }] });
  const seen: unknown[] = [];
  while (!flow.isOver) {
    await tickFlow(flow, { handlers: { countdown } });
    flow = flowFromJson(JSON.stringify(flow));
    seen.push(flow.task("count")?.data.left);
  }
  expect([seen, flow.status, flow.task("count")?.ticks]).toEqual([[3, 2, 1, 0], "COMPLETED", 4]);
});

describe("9: ticks are counted", () => {
  test("too many are an error that names what is unfinished", async () => {
    const flow = flowSpecToFlow({ label: "endless", tasks: [{ key: "wait", taskType: "wait" }, noop("behind")] });
    await expect(runUntilDone(flow, { maxTicks: 5, handlers: { wait: () => "RUNNING" } })).rejects.toMatchObject({
      code: "ticks-exceeded",
      message: "endless is not over after 5 ticks. Unfinished: wait (RUNNING), behind (PENDING).",
    });
    expect(flow.ticks).toBe(5);
  });

  test("a flow that is over is left as it is, and two ticks at once are refused", async () => {
    const flow = await runUntilDone(flowSpecToFlow({ tasks: [noop("a")] }));
    const before = flow.toJSON();
    await tickFlow(flow);
    expect(flow.toJSON()).toEqual(before);
    const other = flowSpecToFlow({ tasks: [noop("a")] });
    const first = tickFlow(other);
    await expect(tickFlow(other)).rejects.toMatchObject({ code: "task-misuse" });
    await first;
    expect((await runUntilDone(flowSpecToFlow({ tasks: [] }))).status).toBe("COMPLETED");
  });
});

test("10: tasks read and write the flow's data; flows of one label do not mix", async () => {
  const add: TaskHandler = ({ flowData, params }) => {
    flowData.sum = (flowData.sum as number) + (params.n as number);
  };
  const spec = (n: number): FlowSpec => ({
    label: "sum",
    data: { sum: 100 * n },
    tasks: [1, 2].map((i) => ({ key: `add-${i}`, taskType: "add", taskParams: { n: i * n } })),
  });
  const [one, two] = [flowSpecToFlow(spec(1)), flowSpecToFlow(spec(2))];
  while (!one.isOver) {
    await tickFlow(one, { handlers: { add } });
    await tickFlow(two, { handlers: { add } });
  }
  expect([one.data, two.data]).toEqual([{ sum: 103 }, { sum: 206 }]);
  expect([one.label === two.label, one.key === two.key]).toEqual([true, false]);
});

test("a handler adds tasks while the flow runs", async () => {
  const grow: TaskHandler = ({ flow }) => {
    flow.addTask(noop("more", { precursors: "grow", successors: ["end"] }));
    expect(() => flow.addTask(noop("more"))).toThrow(/keys are unique/);
    expect(() => flow.addTask(noop("late", { successors: ["grow"] }))).toThrow(/has begun or is over/);
    expect(() => flow.addTask(noop("round", { precursors: "end", successors: ["more"] }))).toThrow(
      /task\.precursors lead back to it/,
    );
  };
  const flow = flowSpecToFlow({ tasks: [{ key: "grow", taskType: "grow" }, noop("end")] });
  await runUntilDone(flow, { handlers: { grow } });
  expect(flow.tasks.map(({ key, precursors, status }) => [key, precursors, status])).toEqual([
    ["grow", [], "COMPLETED"],
    ["end", ["grow", "more"], "COMPLETED"],
    ["more", ["grow"], "COMPLETED"],
  ]);
  expect(() => flow.addTask(noop("after"))).toThrow(/would never run/);
});
