/** Flow specs and handlers that mean no good, or that nobody has checked: a flow ends and is JSON, whatever they do. */
import { type Data, flowFromJson, flowSpecToFlow, runUntilDone, type TaskHandler, tickFlow } from "@millrace/jobs";
import { expect, test } from "vitest";

/** A flow of one task with this handler, ticked to its end, and gone on with from its text. */
async function endOf(h: unknown): Promise<{ status: string; error: string | undefined; data: unknown }> {
  const flow = flowSpecToFlow({ tasks: [{ key: "one", taskType: "h" }] });
  // Not checked: that is the point.
  await runUntilDone(flow, { maxTicks: 5, handlers: { h: h as TaskHandler } });
  expect(flowFromJson(JSON.stringify(flow)).toJSON()).toEqual(flow.toJSON());
  expect(flow.tasks.map(({ status }) => status)).toEqual([flow.status]);
  return { status: flow.status, error: flow.errors[0]?.message, data: flow.task("one")?.data };
}

const throwing = (thrown: unknown) => () => {
  throw thrown;
};

test.each([
  ["nothing", undefined, "undefined was thrown"],
  ["a text", "no luck", "no luck"],
  ["a symbol", Symbol("x"), "Symbol(x) was thrown"],
  ["what has no text", Object.create(null), "[Object: null prototype] {} was thrown"],
  ["an error without a message", new RangeError(), "RangeError without a message"],
  ["an error whose message is none", Object.assign(new Error("x"), { message: 1n }), "Error without a message"],
  [
    "an error that throws",
    Object.defineProperty(new Error("x"), "message", { get: throwing(new Error("y")) }),
    "an unreadable object was thrown",
  ],
])("6: a handler that throws %s fails its task, and the flow", async (_, thrown, error) => {
  expect(await endOf(throwing(thrown))).toEqual({ status: "FAILED", error, data: {} });
});

test.each([
  null,
  0,
  "COMPLETED",
  true,
  [],
  {},
  { proxy: null },
  { proxy: "noop" },
  { proxy: {} },
  { proxy: [] },
  () => 1,
])("6: a handler that comes to %j fails its task", async (outcome) => {
  const { status, error } = await endOf(() => outcome);
  expect([status, error]).toEqual(["FAILED", expect.stringMatching(/^"one" (came to|cannot be proxied)/)]);
});

test.each<[string, (data: Data) => unknown, RegExp, unknown]>([
  [
    "a function",
    (data) => Object.assign(data, { fn: () => 1, kept: 1 }),
    /its data\.fn is a function/,
    { fn: "<function>", kept: 1 },
  ],
  [
    "a hole",
    (data) => Object.assign(data, { list: new Array(1) }),
    /its data\.list\[0\] is undefined/,
    { list: [null] },
  ],
  ["itself", (data) => Object.assign(data, { data }), /its data\.data holds itself/, expect.anything()],
  [
    "what cannot be read",
    (data) => Object.defineProperty(data, "x", { enumerable: true, get: throwing(new Error("not you")) }),
    /^not you$/,
    {},
  ],
  [
    "20,000 objects in each other",
    (data) => {
      let at = data;
      for (let i = 0; i < 20_000; i++) at = at.in = {} as Data;
    },
    /is nested deeper than 500/,
    {},
  ],
])("6: a handler leaves %s in its data", async (_, write, error, left) => {
  const handler: TaskHandler = ({ data }) => void write(data);
  expect(await endOf(handler)).toEqual({ status: "FAILED", error: expect.stringMatching(error), data: left });
});

test("6: what a handler has written is JSON even if it throws then, in its parameters and the flow's data, too", async () => {
  const handler: TaskHandler = ({ data, params, flowData }) => {
    for (const one of [data, params as Data, flowData]) one.when = new Map([["fn", () => 1]]);
    throw new Error("no luck");
  };
  expect(await endOf(handler)).toMatchObject({ status: "FAILED", error: "no luck" });
  const silent: TaskHandler = ({ params }) => void Object.assign(params, { fn: () => 1 });
  expect((await endOf(silent)).error).toMatch(/its parameters\.fn is a function/);
});

test("6: a handler that never ends fails its task when its time is over, and what it writes then is nobody's", async () => {
  let write: (() => void) | undefined;
  const endless: TaskHandler = async ({ data, flowData, params, signal }) => {
    for (const one of [data, flowData, params as Data]) one.before = true;
    await new Promise<void>((resolve) => {
      write = resolve;
    });
    for (const one of [data, flowData, params as Data]) one.late = () => signal.aborted;
  };
  const slow = { taskType: "noop" };
  const flow = flowSpecToFlow({
    cfg: { failFast: false },
    tasks: [
      { key: "endless", taskType: "endless" },
      {
        key: "inside",
        taskType: "flow",
        taskParams: { flowSpec: { tasks: [{ taskType: "endless" }] } },
        precursors: "ROOT",
      },
      { ...slow, key: "other", precursors: "ROOT" },
    ],
  });
  await runUntilDone(flow, { tickTimeout: 20, handlers: { endless } });
  const message = "Its tick did not end within 20 ms (tickTimeout).";
  expect(flow.errors).toEqual([
    { task: "endless", message },
    { task: "inside", message: expect.stringContaining(`task-1: ${message}`) },
  ]);
  const before = JSON.stringify(flow);
  write?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect([JSON.stringify(flow), flow.data, flow.task("endless")?.data]).toEqual([
    before,
    { before: true },
    { before: true },
  ]);
});

test("13: proxies that do not come to an end fail their task, and a text with too many of them is refused", async () => {
  const again: TaskHandler = () => ({ proxy: { taskType: "again" } });
  const flow = flowSpecToFlow({ tasks: [{ key: "one", taskType: "again" }] });
  await runUntilDone(flow, { maxTicks: 200, handlers: { again } });
  expect(flow.errors).toEqual([{ task: "one", message: expect.stringMatching(/^"one" has 100 proxies in a row/) }]);
  const task = (proxied: string): string =>
    `{"key":"a","label":"a","taskType":"noop","precursors":[],"status":"RUNNING","ticks":1${proxied}}`;
  let tasks = task("");
  for (let depth = 0; depth < 5_000; depth++) tasks = task(`,"proxied":${tasks}`);
  const text = JSON.stringify(flowSpecToFlow({ tasks: [] })).replace('"tasks":[]', `"tasks":[${tasks}]`);
  expect(() => flowFromJson(text)).toThrow(/is one of more than 100 proxies in a row/);
});

test.each([
  [undefined, /whose handler is left out: it must be a function/],
  [null, /whose handler is null/],
  [5, /whose handler is 5/],
  [{ intermediateTick: () => undefined }, /whose handler is an object: it must be a function, or \{ initialTick \}/],
  [
    { initialTick: () => undefined, validate: throwing(new Error("no idea")) },
    /taskParams cannot be validated: no idea/,
  ],
])("a handler that is none is refused before anything runs: %j", async (handler, message) => {
  const flow = flowSpecToFlow({ tasks: [{ taskType: "noop" }, { taskType: "h" }] });
  const ticked = tickFlow(flow, { handlers: { h: handler as unknown as TaskHandler } });
  await expect(ticked).rejects.toMatchObject({
    code: "flow-spec-invalid",
    message: expect.stringMatching(message),
  });
  expect([flow.status, flow.ticks]).toEqual(["PENDING", 0]);
});

test.each(["toString", "hasOwnProperty", "valueOf", "isPrototypeOf"])(
  "names that objects inherit are keys, members and no types or transforms: %s",
  async (name) => {
    const flow = flowSpecToFlow({
      data: { [name]: 1 },
      tasks: [
        { key: name, taskType: "noop", data: { [name]: `$ctx.flow.data.${name}` } },
        {
          taskType: "wire",
          taskParams: { wirings: [`ctx.flow.tasks.${name}.data.${name} => ctx.flow.data.found.${name}`] },
        },
      ],
    });
    await runUntilDone(flow);
    expect([flow.status, flow.data]).toEqual(["COMPLETED", { [name]: 1, found: { [name]: 1 } }]);
    await expect(tickFlow(flowSpecToFlow({ tasks: [{ taskType: name }] }))).rejects.toThrow(/has no handler/);
    const wirings = [{ value: 1, transform: name, dest: "ctx.flow.data.x" }];
    const wired = await runUntilDone(flowSpecToFlow({ tasks: [{ taskType: "wire", taskParams: { wirings } }] }));
    expect(wired.errors[0]?.message).toContain(`there is no transform "${name}"`);
    expect(() => flowSpecToFlow({ tasks: [{ taskType: "noop", precursors: name }] })).toThrow(/has no such task/);
  },
);

test("specs and texts that are nested without an end are refused", () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const spec = JSON.parse(`{"tasks":[{"taskType":"print","taskParams":{"msg":${deep}}}]}`);
  expect(() => flowSpecToFlow(spec)).toThrow(/tasks\[0\]\.taskParams\.msg.* is nested deeper than 500/);
  const text = JSON.stringify(flowSpecToFlow({ tasks: [] })).replace('"data":{}', `"data":{"a":${deep}}`);
  expect(() => flowFromJson(text)).toThrow(/data\.a.* is nested deeper than 500/);
});

test("a spec of ten thousand tasks side by side is ticked at once, one of a thousand in a row tick by tick", async () => {
  const wide = Array.from({ length: 10_000 }, () => ({ taskType: "noop", precursors: "ROOT" }));
  expect((await runUntilDone(flowSpecToFlow({ tasks: wide }), { maxTicks: 1 })).status).toBe("COMPLETED");
  const long = Array.from({ length: 1_000 }, () => ({ taskType: "noop" }));
  expect((await runUntilDone(flowSpecToFlow({ tasks: long }), { maxTicks: 1_000 })).status).toBe("COMPLETED");
});
