/** Random flows, written down after any of their ticks and gone on with from the text: the end is the same. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type FlowSpec, flowFromJson, flowSpecToFlow, type TaskHandler, type TaskSpec, tickFlow } from "@millrace/jobs";
import fc from "fast-check";
import { expect, test } from "vitest";

const handlers: Readonly<Record<string, TaskHandler>> = {
  fail: () => {
    throw new Error("meant to");
  },
  count: ({ task, params, flowData }) => {
    flowData.trace = [...((flowData.trace as unknown[] | undefined) ?? []), `${task.key}#${task.ticks}`];
    return task.ticks < (params.ticks as number) ? "RUNNING" : undefined;
  },
  front: ({ params }) => ({ proxy: { taskType: "count", taskParams: params } }),
};

const count = fc.integer({ min: 1, max: 3 }).map((ticks) => ({ taskType: "count", taskParams: { ticks } }));
const task: fc.Arbitrary<TaskSpec> = fc.oneof(
  { weight: 4, arbitrary: count },
  { weight: 1, arbitrary: fc.constant({ taskType: "fail" }) },
  { weight: 1, arbitrary: fc.constant({ taskType: "front", taskParams: { ticks: 2 } }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }).map((items) => ({
      taskType: "spread",
      taskParams: {
        items,
        task: { taskType: "front", taskParams: {} },
        wirings: ["item.value => taskParams.ticks"],
      },
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(count, { maxLength: 3 })
      .map((tasks) => ({ taskType: "flow", taskParams: { flowSpec: { tasks } } })),
  },
);

/** Neighbours are tasks before: there are no cycles. */
const spec: fc.Arbitrary<FlowSpec> = fc
  .record({
    failFast: fc.boolean(),
    data: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.constantFrom(0, "", false, null, [1], { a: { b: [] } })),
    tasks: fc.array(fc.tuple(task, fc.option(fc.array(fc.nat(), { maxLength: 3 }), { nil: undefined })), {
      maxLength: 8,
    }),
  })
  .map(({ failFast, data, tasks }) => ({
    key: "random",
    cfg: { failFast },
    data,
    tasks: tasks.map(([one, before], i) => ({
      ...one,
      key: `t${i}`,
      ...(before === undefined || i === 0 ? {} : { precursors: before.map((n) => `t${n % i}`) }),
    })),
  }));

async function endOf(given: FlowSpec, stopAt: number): Promise<unknown> {
  let flow = flowSpecToFlow(given);
  for (let tick = 0; !flow.isOver; tick++) {
    expect(tick, "ticks without an end").toBeLessThan(200);
    if (tick === stopAt) flow = flowFromJson(JSON.stringify(flow));
    const begun = new Set(flow.tasksByStatus("COMPLETED").map(({ key }) => key));
    await tickFlow(flow, { handlers });
    for (const { status, precursors, key } of flow.tasks)
      if (status !== "PENDING" && status !== "SKIPPED")
        expect(
          precursors.every((one) => begun.has(one)),
          key,
        ).toBe(true);
  }
  const failed = flow.tasks.some(({ status }) => status !== "COMPLETED");
  expect(flow.status).toBe(failed ? "FAILED" : "COMPLETED");
  expect(flow.errors.length > 0).toBe(failed);
  return flow.toJSON();
}

test("2: a flow that is written down after any tick ends as one that is not", async () => {
  await fc.assert(
    fc.asyncProperty(spec, fc.nat(12), async (given, stopAt) => {
      expect(await endOf(given, stopAt)).toEqual(await endOf(given, -1));
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("2: a flow of which each tick is made by a process of its own ends as one that is ticked in one", async () => {
  const fixtures = join(import.meta.dirname, "fixtures");
  const { handlers: shared } = (await import(join(fixtures, "tick-handlers.mjs"))) as { handlers: typeof handlers };
  const spec: FlowSpec = {
    key: "passed-on",
    cfg: { failFast: false },
    data: { falsy: [0, "", false, null] },
    tasks: [
      { key: "say", taskType: "print", taskParams: { msg: "begin" } },
      { key: "count", taskType: "count", taskParams: { from: 2 } },
      {
        key: "all",
        taskType: "spread",
        taskParams: {
          items: [1, 2],
          task: { taskType: "front", taskParams: {} },
          wirings: ["item.value => taskParams.from"],
        },
        precursors: "say",
      },
      {
        key: "inner",
        taskType: "flow",
        taskParams: { flowSpec: { tasks: [{ taskType: "fail" }] } },
        precursors: "ROOT",
      },
      { key: "skipped", taskType: "noop" },
      {
        key: "end",
        taskType: "wire",
        taskParams: { wirings: ["ctx.flow.data.falsy => ctx.flow.data.kept"] },
        precursors: ["count", "all"],
      },
    ],
  };
  const here = flowSpecToFlow(spec);
  const printed: string[] = [];
  let text = JSON.stringify(here);
  while (!here.isOver) {
    await tickFlow(here, { handlers: shared, print: (line) => printed.push(line) });
    text = execFileSync(process.execPath, [join(fixtures, "tick-child.mjs")], {
      input: text,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(JSON.parse(text)).toEqual(here.toJSON());
  }
  expect([here.status, here.ticks > 4, printed]).toEqual(["FAILED", true, ["begin"]]);
  expect(here.data.kept).toEqual([0, "", false, null]);
});
