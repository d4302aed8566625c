/** Data between the tasks of flow specs, and tasks that stand for others: the scenarios of their ancestor, by number. */
import {
  type Data,
  type FlowDocument,
  type FlowSpec,
  flowFromJson,
  flowSpecToFlow,
  runUntilDone,
  type SpecFlow,
  type TaskHandler,
  type TaskSpec,
  type TickOptions,
  tickFlow,
} from "@millrace/jobs";
import { describe, expect, test } from "vitest";

/** Runs a spec; every tick goes on from the text that the last one left. */
async function run(spec: FlowSpec, options: TickOptions = {}): Promise<SpecFlow> {
  let flow = flowSpecToFlow(spec);
  for (let tick = 0; tick < 100 && !flow.isOver; tick++)
    flow = flowFromJson(JSON.stringify(await tickFlow(flow, options)));
  expect(flow.isOver).toBe(true);
  return flow;
}

const wire = (key: string, ...wirings: readonly unknown[]): TaskSpec => ({
  key,
  taskType: "wire",
  taskParams: { wirings },
});

/** Leaves its parameters in its data. */
const keep: TaskHandler = ({ params, data }) => void Object.assign(data, params);
const keeping = { handlers: { keep } };

/** The error of a flow with this one task. */
async function errorOf(task: Omit<TaskSpec, "key">, data: Data = {}, options: TickOptions = keeping): Promise<unknown> {
  return (await run({ data, tasks: [{ key: "one", ...task }] }, options)).errors[0]?.message;
}

describe("11: wiring", () => {
  test("carries values from task to task and into the flow's data, one after the other, through transforms", async () => {
    const flow = await run(
      {
        data: { user: { name: "Ann" }, list: [1, 2] },
        tasks: [
          { key: "first", taskType: "noop", data: { x: { y: [10, 20] } } },
          wire(
            "wires",
            "ctx.flow.tasks.first.data.x.y.1 => ctx.flow.data.made.on.the.way",
            { source: ["ctx.flow.data.user.name", "ctx.flow.data.list.0"], dest: "ctx.flow.data.both" },
            { source: "ctx.flow.data.both", transform: "json.dumps", dest: "ctx.flow.data.text" },
            {
              source: ["ctx.flow.data.list.0", "ctx.flow.data.list.1", "ctx.flow.tasks.first.data.x.y.1"],
              transform: "sum",
              dest: "ctx.flow.data.joined",
            },
            { source: "ctx.flow.data.text", transform: "json.loads", dest: "ctx.task.data.back" },
            { source: "ctx.flow.data.list", transform: "sum", dest: "ctx.flow.data.sum" },
            { value: "set", dest: "ctx.flow.data.list.2" },
            {
              source: "ctx.flow.data.list",
              transform: { mapping: { skeleton: { kind: "n" }, wirings: ["item.value => of", "item.idx => at.idx"] } },
              dest: "ctx.flow.data.mapped",
            },
            "ctx.flow.data.user => ctx.flow.tasks.last.task_params.user",
          ),
          { key: "last", taskType: "keep" },
        ],
      },
      { ...keeping, transforms: { sum: (value) => (value as number[]).reduce((a, b) => a + b) } },
    );
    expect(flow.errors).toEqual([]);
    expect(flow.data).toEqual({
      user: { name: "Ann" },
      list: [1, 2, "set"],
      made: { on: { the: { way: 20 } } },
      both: ["Ann", 1],
      text: '["Ann",1]',
      joined: 23,
      sum: 3,
      mapped: [
        { kind: "n", of: 1, at: { idx: 0 } },
        { kind: "n", of: 2, at: { idx: 1 } },
        { kind: "n", of: "set", at: { idx: 2 } },
      ],
    });
    expect(flow.task("wires")?.data).toEqual({ back: ["Ann", 1] });
    expect(flow.task("last")?.data).toEqual({ user: { name: "Ann" } });
  });

  test("references are replaced once, at the first tick, wherever they stand in parameters and data", async () => {
    const flow = await run(
      {
        data: { city: "Oslo", cities: [{ name: "Rome" }], tricky: "$ctx.flow.data.city" },
        tasks: [
          {
            key: "one",
            taskType: "keep",
            taskParams: {
              whole: "$ctx.flow.data.cities",
              deep: [{ name: "$ctx.flow.data.cities.0.name" }],
              once: "$ctx.flow.data.tricky",
              escaped: "\\$ctx.flow.data.city",
              inside: "in $ctx.flow.data.city",
              me: "$ctx.task.key",
            },
            data: { from: "$ctx.flow.data.city" },
          },
        ],
      },
      keeping,
    );
    expect(flow.task("one")?.data).toEqual({
      from: "Oslo",
      whole: [{ name: "Rome" }],
      deep: [{ name: "Rome" }],
      once: "$ctx.flow.data.city",
      escaped: "$ctx.flow.data.city",
      inside: "in $ctx.flow.data.city",
      me: "one",
    });
  });

  test("what is wired or referred to is a copy: a flow that was not written down is as one that was", async () => {
    const push: TaskHandler = ({ params }) => void (params.list as unknown[]).push("more");
    const flow = await runUntilDone(
      flowSpecToFlow({
        data: { list: [1] },
        tasks: [
          wire("wires", "ctx.flow.data.list => ctx.flow.tasks.wired.taskParams.list"),
          { key: "wired", taskType: "push" },
          { key: "referred", taskType: "push", taskParams: { list: "$ctx.flow.data.list" } },
        ],
      }),
      { handlers: { push } },
    );
    expect([flow.status, flow.data]).toEqual(["COMPLETED", { list: [1] }]);
    expect(flow.task("wired")?.taskParams).toEqual({ list: [1, "more"] });
  });

  test.each([0, "", false, null])("%j passes through", async (value) => {
    const flow = await run(
      {
        data: { value },
        tasks: [
          wire("wires", "ctx.flow.data.value => ctx.flow.data.wired"),
          { key: "one", taskType: "keep", taskParams: { value: "$ctx.flow.data.wired" } },
        ],
      },
      keeping,
    );
    expect(flow.task("one")?.data).toEqual({ value });
  });

  test("a path that leads nowhere fails the task, and names the segment", async () => {
    const data = { a: { b: 1 }, list: [1] };
    const params = (x: string) => ({ taskType: "keep", taskParams: { x } });
    expect(await errorOf(params("$ctx.flow.data.a.c"), data)).toBe(
      'ctx.flow.data.a.c leads nowhere: there is no "c" in ctx.flow.data.a, which has b.',
    );
    expect(await errorOf(params("$ctx.flow.data.a.b.c"), data)).toMatch(
      /no "c" in ctx\.flow\.data\.a\.b, which is 1\./,
    );
    expect(await errorOf(params("$ctx.flow.data.list.1"), data)).toMatch(/no "1" in .*, which is a list of 1\./);
    expect(await errorOf(params("$ctx.flow.data.list.length"), data)).toMatch(/no "length"/);
    expect(await errorOf(params("$ctx.flow.data.toString"), data)).toMatch(/no "toString"/);
    expect(await errorOf(params("$ctx.flow.data.__proto__"), data)).toMatch(/is no path/);
  });

  test("a wiring that cannot be is refused with its place", async () => {
    const error = (...wirings: readonly unknown[]) => errorOf({ taskType: "wire", taskParams: { wirings } }, { a: 1 });
    expect(await error("ctx.flow.data.a => ctx.flow.data.b", "ctx.flow.data.x => ctx.flow.data.c")).toMatch(
      /^wirings\[1\]: ctx\.flow\.data\.x leads nowhere: there is no "x"/,
    );
    expect(await error("ctx.flow.data.a => ctx.flow.data.a.b")).toMatch(/no "b" in ctx\.flow\.data\.a, which is 1/);
    expect(await error("ctx.flow.data.a => ctx.flow.data.__proto__.polluted")).toMatch(/is no path/);
    expect(await error("ctx.flow.data.a => ctx.flow.key")).toMatch(/is no place to write to/);
    expect(await error("ctx.flow.data.a => ctx.task.status")).toMatch(/is no place to write to/);
    expect(await error("ctx.flow.data.a")).toMatch(/is not of the form "source => dest"/);
    expect(await error({ dest: "ctx.flow.data.b" })).toMatch(/either a source or a value/);
    expect(await error({ sorce: "a", dest: "b" })).toMatch(/Did you mean "source"/);
    expect(await error({ value: 1, transform: "json.dump", dest: "ctx.flow.data.b" })).toMatch(
      /Did you mean "json.dumps"/,
    );
    expect(await error({ value: "{", transform: "json.loads", dest: "ctx.flow.data.b" })).toMatch(
      /^wirings\[0\]: .*JSON/,
    );
    expect(({} as Data).polluted).toBeUndefined();
  });
});

describe("12: spread and switch", () => {
  test("five items make five tasks, which begin together; results are in the order of the items", async () => {
    const slow: TaskHandler = ({ task, params, data }) => {
      if (task.ticks < (params.ticks as number)) return "RUNNING";
      data.twice = 2 * (params.n as number);
      return undefined;
    };
    const flow = await run(
      {
        data: { items: [5, 4, 3, 2, 1], unit: "mm" },
        tasks: [
          {
            key: "all",
            taskType: "spread",
            taskParams: {
              items: "$ctx.flow.data.items",
              task: { taskType: "slow", taskParams: {} },
              wirings: [
                "item.value => taskParams.n",
                "item.value => taskParams.ticks",
                "item.idx => data.idx",
                "item.key => data.key",
                "ctx.flow.data.unit => data.unit",
              ],
            },
          },
          { key: "after", taskType: "keep", taskParams: { last: "$ctx.flow.tasks.all.data.results.4.twice" } },
        ],
      },
      { handlers: { slow, keep } },
    );
    expect(flow.errors).toEqual([]);
    expect(flow.task("all")?.data.results).toEqual(
      [5, 4, 3, 2, 1].map((n, idx) => ({ idx, key: String(idx), unit: "mm", twice: 2 * n })),
    );
    expect([flow.task("after")?.data, flow.ticks]).toEqual([{ last: 2 }, 6]);
  });

  test("a spread over an object has its names; over nothing it completes; one item that fails fails it", async () => {
    const spread = (items: unknown, task: object): FlowSpec => ({
      tasks: [{ key: "all", taskType: "spread", taskParams: { items, task, wirings: ["item.key => taskParams.k"] } }],
    });
    const named = await run(spread({ a: 1, b: 2 }, { taskType: "keep", taskParams: {} }), keeping);
    expect(named.task("all")?.data.results).toEqual([{ k: "a" }, { k: "b" }]);
    expect((await run(spread([], { taskType: "keep" }))).task("all")?.data.results).toEqual([]);
    const failed = await run(spread([1], { taskType: "keep", taskParams: { x: "$ctx.flow.data.no" } }), keeping);
    expect(failed.errors[0]?.message).toMatch(/\/all has failed: item-0: ctx\.flow\.data\.no leads nowhere/);
    expect((await run(spread(7, { taskType: "keep" }))).errors[0]?.message).toMatch(
      /must be a list or an object, not 7/,
    );
  });

  const choose = (controlValue: unknown, defaultCase?: object): FlowSpec => ({
    tasks: [
      {
        key: "choice",
        taskType: "switch",
        taskParams: {
          controlValue,
          cases: [
            { condition: { op: "eq", arg: 0 }, task: { taskType: "keep", taskParams: { was: "zero" } } },
            { condition: { op: "in", arg: ["a", { b: [1] }] }, task: { taskType: "keep", taskParams: { was: "in" } } },
            { condition: { op: "gt", arg: 10 }, task: { task_type: "keep", task_params: { was: "$ctx.task.key" } } },
          ],
          ...(defaultCase ? { defaultCase } : {}),
        },
      },
    ],
  });

  test.each([
    [0, "zero"],
    ["a", "in"],
    [{ b: [1] }, "in"],
    [11, "choice"],
  ])("switch on %j picks a case by its operator", async (value, was) => {
    expect((await run(choose(value), keeping)).task("choice")).toMatchObject({ status: "COMPLETED", data: { was } });
  });

  test("else the default; without one, or with an operator that there is not, it fails", async () => {
    const other = { task: { taskType: "keep", taskParams: { was: "default" } } };
    expect((await run(choose(5, other), keeping)).task("choice")?.data).toEqual({ was: "default" });
    const message = async (spec: FlowSpec) => (await run(spec, keeping)).errors[0]?.message;
    expect(await message(choose(5))).toBe("no case matches 5, and there is no defaultCase.");
    expect(await message(choose(null))).toMatch(/null and 10 have no order/);
    const wrong = { controlValue: 1, cases: [{ condition: { op: "=", arg: 1 }, task: {} }] };
    expect(await errorOf({ taskType: "switch", taskParams: wrong })).toMatch(/op must be eq, ne, .*, not "="/);
  });
});

test("13: successors of a proxy wait for the task behind it, and read its data under the proxy's key", async () => {
  const work: TaskHandler = ({ task, data }) => {
    data.ticks = task.ticks;
    return task.ticks < 3 ? "RUNNING" : undefined;
  };
  const proxy: TaskHandler = () => ({ proxy: { taskType: "again" } });
  const again: TaskHandler = () => ({ proxy: { taskType: "work", data: { inner: true } } });
  const tasks = [
    { key: "front", taskType: "proxy", data: { own: 1 } },
    { key: "after", taskType: "keep", taskParams: { seen: "$ctx.flow.tasks.front.data" } },
  ];
  const flow = await run({ tasks }, { handlers: { work, proxy, again, keep } });
  expect(flow.task("after")?.data).toEqual({ seen: { own: 1, inner: true, ticks: 3 } });
  expect(flow.task("front")).toMatchObject({ status: "COMPLETED", ticks: 5 });

  const bad: TaskHandler = () => {
    throw new Error("behind");
  };
  const failed = await run({ tasks: [{ key: "front", taskType: "proxy" }] }, { handlers: { proxy, again: bad } });
  expect([failed.status, failed.errors]).toEqual(["FAILED", [{ task: "front", message: "behind" }]]);
  const unknown: TaskHandler = () => ({ proxy: { taskType: "nothing" } });
  expect(await errorOf({ taskType: "unknown" }, {}, { handlers: { unknown } })).toMatch(
    /"nothing", which has no handler/,
  );
});

describe("14: a flow inside a flow", () => {
  const spec = (inner: FlowSpec, more: Data = {}): FlowSpec => ({
    key: "outer",
    label: "outer",
    cfg: { failFast: false },
    data: { city: "Oslo" },
    tasks: [
      { key: "sub", taskType: "flow", taskParams: { flowSpec: inner, ...more } },
      { key: "after", taskType: "keep", taskParams: { found: "$ctx.flow.tasks.sub.data.result.found" } },
      { key: "beside", taskType: "noop", precursors: "ROOT" },
    ],
  });

  test("is waited for; what it leaves in its data can be read", async () => {
    const inner: FlowSpec = {
      data: { unit: "mm" },
      tasks: [
        { key: "a", taskType: "keep", taskParams: { of: "$ctx.flow.data.city" } },
        wire("b", "ctx.flow.tasks.a.data.of => ctx.flow.data.found"),
      ],
    };
    const flow = await run(spec(inner, { data: { city: "$ctx.flow.data.city" } }), keeping);
    expect(flow.errors).toEqual([]);
    expect(flow.task("sub")?.data.result).toEqual({ unit: "mm", city: "Oslo", found: "Oslo" });
    expect(flow.task("after")).toMatchObject({ status: "COMPLETED", data: { found: "Oslo" } });
    const child = flowFromJson(flow.task("sub")?.data.flow as FlowDocument);
    expect(child.toJSON()).toMatchObject({ key: "outer/sub", depth: 1, parentKey: "outer", status: "COMPLETED" });
  });

  test("its failure is the task's, and goes by the policy of the flow around it", async () => {
    const inner: FlowSpec = { tasks: [{ key: "a", taskType: "keep", taskParams: { of: "$ctx.flow.data.no" } }] };
    const flow = await run(spec(inner), keeping);
    expect(flow.tasks.map(({ status }) => status)).toEqual(["FAILED", "SKIPPED", "COMPLETED"]);
    expect(flow.errors[0]?.message).toMatch(/^outer\/sub has failed: a: ctx\.flow\.data\.no leads nowhere/);
    expect(flow.task("sub")?.data.flow).toMatchObject({ status: "FAILED", errors: [{ task: "a" }] });
  });

  test("one that cannot be made says why; flows do not stand in each other for ever", async () => {
    const wrong = { tasks: [{ taskType: "noop", precursors: "x" }] };
    expect(await errorOf({ taskType: "flow", taskParams: { flowSpec: wrong } })).toMatch(
      /tasks\[0\]\.precursors names "x"/,
    );
    expect(await errorOf({ taskType: "flow", taskParams: { flowspec: wrong } })).toMatch(/Did you mean "flowSpec"/);
    const deeper: TaskHandler = () => ({
      proxy: { taskType: "flow", taskParams: { flowSpec: { tasks: [{ key: "in", taskType: "deeper" }] } } },
    });
    const flow = await runUntilDone(flowSpecToFlow({ tasks: [{ key: "in", taskType: "deeper" }] }), {
      handlers: { deeper },
    });
    expect(flow.errors[0]?.message).toMatch(/Flows stand 33 deep in each other, and 32 is the limit/);
  });
});
