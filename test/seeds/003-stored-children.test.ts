/** Flows that tasks put into the records: any runner ticks them, the parent waits, and a runner that dies anywhere loses and doubles nothing. */
import {
  type ChangeRecord,
  type FlowRecord,
  type FlowRecords,
  type FlowSpec,
  FolderRecords,
  flowSpecToFlow,
  MemoryRecords,
  runStoredFlows,
  runUntilDone,
  storedFlow,
  storeFlow,
  type TaskHandler,
  type TaskSpec,
} from "@millrace/jobs";
import { ManualClock } from "@millrace/testing";
import { describe, expect, test } from "vitest";
import { temporaryFolders } from "./temporary-folders.js";

const newFolder = temporaryFolders();
const inFolder = (): FlowRecords => new FolderRecords(newFolder());

/** A parent whose second task is a stored flow of two tasks, and whose third takes what that has left. */
const nested = (more: Partial<FlowSpec> = {}): FlowSpec => ({
  key: "parent",
  ...more,
  tasks: [
    { key: "before", taskType: "work" },
    {
      key: "child",
      taskType: "flow",
      taskParams: {
        stored: true,
        data: { from: "$ctx.flow.tasks.before.data.by" },
        flowSpec: {
          tasks: [
            { key: "one", taskType: "work" },
            { key: "two", taskType: "slow" },
          ],
        },
      },
    },
    { key: "after", taskType: "work", taskParams: { result: "$ctx.flow.tasks.child.data.result" } },
  ],
});

const work: TaskHandler = ({ data, flowData, task }) => {
  data.by = task.key;
  flowData.last = task.key;
};
const slow: TaskHandler = {
  initialTick: () => "RUNNING",
  intermediateTick: ({ flowData }) => {
    flowData.slow = true;
  },
};
const handlers = { work, slow };

/** Rounds of runners in turn, until a flow is over. */
async function rounds(records: FlowRecords, key: string, runners: readonly string[], more: object = {}): Promise<void> {
  for (let round = 0; round < 60; round++) {
    await runStoredFlows(records, { runner: runners[round % runners.length] as string, handlers, ...more });
    const status = (await storedFlow(records, key))?.status;
    if (status === "COMPLETED" || status === "FAILED") return;
  }
  throw new Error(`${key} does not end`);
}

describe.each([
  ["in memory", () => new MemoryRecords()],
  ["in a folder", inFolder],
])("14, 15: a flow inside, stored %s", (_, open) => {
  test("is ticked by whoever claims it; the parent waits, and has its data at the end", async () => {
    const records = open();
    await storeFlow(records, flowSpecToFlow(nested()));
    const round = (runner: string) => runStoredFlows(records, { runner, handlers });
    expect(await round("a")).toEqual({ ticked: ["parent"], over: [], lost: [], refused: [] });
    expect(await records.keys()).toEqual(["parent", "parent/child"]);
    const waiting = await storedFlow(records, "parent");
    expect(waiting?.task("child")).toMatchObject({
      status: "RUNNING",
      data: { stored: { key: "parent/child", status: "PENDING", errors: [] } },
    });
    expect(waiting?.task("after")?.status).toBe("PENDING");
    // A parent that only waits is left in peace.
    expect(await round("b")).toEqual({ ticked: ["parent/child"], over: [], lost: [], refused: [] });
    expect((await storedFlow(records, "parent"))?.ticks).toBe(waiting?.ticks);
    expect(await storedFlow(records, "parent/child")).toMatchObject({ status: "RUNNING", data: { from: "before" } });
    expect(await round("c")).toMatchObject({ over: ["parent/child"] });
    expect(await round("a")).toEqual({ ticked: ["parent"], over: ["parent"], lost: [], refused: [] });
    const over = await storedFlow(records, "parent");
    const result = { from: "before", last: "one", slow: true };
    expect(over?.task("child")?.data).toEqual({
      stored: { key: "parent/child", status: "COMPLETED", errors: [] },
      result,
    });
    expect(over?.task("after")?.taskParams).toEqual({ result });
    expect(over?.status).toBe("COMPLETED");
  });
});

describe.each([true, false])("14: the failure of a stored flow, failFast %s", (failFast) => {
  test("is its task's, with its errors, and the parent's policy says what it means", async () => {
    const records = new MemoryRecords();
    const [before, child, after] = nested().tasks as [TaskSpec, TaskSpec, TaskSpec];
    const beside = { key: "beside", taskType: "patient", precursors: "ROOT" };
    const spec = { ...nested({ cfg: { failFast } }), tasks: [before, child, after, beside] } as FlowSpec;
    await storeFlow(records, flowSpecToFlow(spec));
    const broken: TaskHandler = () => {
      throw new Error("no luck");
    };
    // It is not done before the other has failed.
    const patient: TaskHandler = ({ task }) => (task.ticks < 4 ? "RUNNING" : undefined);
    await rounds(records, "parent", ["a", "b"], { handlers: { work, slow: broken, patient } });
    const parent = await storedFlow(records, "parent");
    expect(parent?.status).toBe("FAILED");
    expect(parent?.task("child")).toMatchObject({
      status: "FAILED",
      error: expect.stringContaining("two: no luck"),
      data: { stored: { status: "FAILED", errors: [{ task: "two", message: "no luck" }] } },
    });
    expect(parent?.task("after")?.status).toBe("SKIPPED");
    expect(parent?.task("beside")?.status).toBe(failFast ? "ABORTED" : "COMPLETED");
  });
});

test("14: a stored flow whose parent has failed is ended, not ticked for nobody", async () => {
  const records = new MemoryRecords();
  const [, child] = nested().tasks as [TaskSpec, TaskSpec];
  const tasks = [
    { ...child, precursors: "ROOT", taskParams: { stored: true, flowSpec: { tasks: [{ taskType: "work" }] } } },
    { key: "fails", taskType: "fails", precursors: "ROOT" },
  ];
  await storeFlow(records, flowSpecToFlow({ key: "parent", tasks } as FlowSpec));
  const fails: TaskHandler = () => {
    throw new Error("no");
  };
  const ticked: string[] = [];
  const seen: TaskHandler = ({ flow }) => void ticked.push(flow.key);
  const round = () => runStoredFlows(records, { runner: "r", handlers: { work: seen, fails } });
  expect(await round()).toMatchObject({ over: ["parent"] });
  expect(await round()).toMatchObject({ over: ["parent/child"] });
  expect(ticked).toEqual([]);
  expect(await storedFlow(records, "parent/child")).toMatchObject({
    status: "FAILED",
    errors: [{ message: expect.stringContaining('"parent" is over') }],
  });
});

test("14: one that waits for a stored flow of its own is ended, too, and then that one", async () => {
  const records = new MemoryRecords();
  const inner = {
    key: "inner",
    taskType: "flow",
    taskParams: { stored: true, flowSpec: { tasks: [{ taskType: "never" }] } },
  };
  const tasks = [
    { key: "outer", taskType: "flow", taskParams: { stored: true, flowSpec: { tasks: [inner] } }, precursors: "ROOT" },
    { key: "fails", taskType: "fails", precursors: "ROOT" },
  ];
  await storeFlow(records, flowSpecToFlow({ key: "parent", tasks }));
  // It fails once the others have been stored.
  const fails: TaskHandler = ({ task }) => {
    if (task.ticks > 3) throw new Error("no");
    return "RUNNING";
  };
  for (let round = 0; round < 8; round++)
    await runStoredFlows(records, { runner: "r", handlers: { fails, never: () => "RUNNING" } });
  expect(await records.keys()).toEqual(["parent", "parent/outer", "parent/outer/inner"]);
  for (const key of await records.keys())
    expect([key, (await storedFlow(records, key))?.status]).toEqual([key, "FAILED"]);
});

test("14: a stored flow needs records, handlers for its types, and a key of its own; its task fails with what is wrong", async () => {
  const failed = async (spec: FlowSpec, records?: FlowRecords): Promise<string | undefined> => {
    const flow = flowSpecToFlow(spec);
    if (!records) await runUntilDone(flow, { handlers }).catch(() => undefined);
    else {
      await storeFlow(records, flow);
      await rounds(records, "parent", ["r"]);
    }
    return (records ? await storedFlow(records, "parent") : flow)?.task("child")?.error;
  };
  expect(await failed(nested())).toContain("this tick has no records");
  const [, child] = nested().tasks as [TaskSpec, TaskSpec];
  const other = (flowSpec: object): FlowSpec =>
    ({ key: "parent", tasks: [{ ...child, taskParams: { stored: true, flowSpec } }] }) as FlowSpec;
  expect(await failed(other({ tasks: [{ taskType: "wrok" }] }), new MemoryRecords())).toContain('Did you mean "work"?');
  const taken = new MemoryRecords();
  await storeFlow(taken, flowSpecToFlow({ key: "mine", tasks: [] }));
  expect(await failed(other({ key: "mine", tasks: [] }), taken)).toContain(
    'a flow with the key "mine" is stored already',
  );
  expect(
    await failed({
      key: "parent",
      tasks: [{ ...child, taskParams: { stored: 1, flowSpec: { tasks: [] } } }],
    } as FlowSpec),
  ).toContain("stored must be true or false, not 1");
});

/** Records at which their user dies: behind the change of this number, or before it. */
class DyingRecords implements FlowRecords {
  readonly #inner: FlowRecords;
  #left: number;
  readonly #before: boolean;
  changes = 0;

  constructor(inner: FlowRecords, at: number, before: boolean) {
    this.#inner = inner;
    this.#left = at;
    this.#before = before;
  }

  keys(): Promise<readonly string[]> {
    return this.#inner.keys();
  }

  remove(key: string): Promise<boolean> {
    return this.#inner.remove(key);
  }

  async change(key: string, change: ChangeRecord): Promise<FlowRecord | undefined> {
    if (this.#left < 0) throw new Error("dead");
    let changed = false;
    const record = await this.#inner
      .change(key, (there) => {
        const now = change(there);
        changed = now !== undefined && now !== there;
        if (changed && this.#before && this.#left === 0) throw new Error("dead");
        return now;
      })
      .catch((error: unknown) => {
        this.#left = -1;
        throw error;
      });
    if (!changed) return record;
    this.changes += 1;
    if (this.#left-- === 0) throw new Error("dead");
    return record;
  }
}

test("14, 15: a runner that dies before or behind any write loses and doubles nothing", async () => {
  const clock = new ManualClock();
  const finished = async (records: FlowRecords): Promise<unknown> => {
    await rounds(records, "parent", ["next", "other"], { clock });
    const shown = async (key: string): Promise<unknown> => {
      const flow = await storedFlow(records, key);
      return [flow?.status, flow?.data, flow?.tasks.map((task) => [task.key, task.status, task.data])];
    };
    return [await records.keys(), await shown("parent"), await shown("parent/child")];
  };
  const whole = new DyingRecords(new MemoryRecords(), Number.POSITIVE_INFINITY, false);
  await storeFlow(whole, flowSpecToFlow(nested()));
  const stored = whole.changes;
  const expected = await finished(whole);
  const writes = whole.changes - stored;
  expect(writes).toBeGreaterThan(8);
  for (let at = 0; at < writes; at++) {
    for (const before of [false, true]) {
      const records = new MemoryRecords();
      await storeFlow(records, flowSpecToFlow(nested()));
      const dying = new DyingRecords(records, at, before);
      await expect(rounds(dying, "parent", ["dead"], { clock })).rejects.toThrow("dead");
      // Its claim ends by itself.
      clock.advance(60_000);
      expect([at, before, await finished(records)]).toEqual([at, before, expected]);
    }
  }
});

test("14, 15: records that fail under a task fail the round, not the task; it goes on when they are well again", async () => {
  class FullRecords extends MemoryRecords {
    isFull = true;

    override async change(key: string, change: ChangeRecord): Promise<FlowRecord | undefined> {
      if (this.isFull && key === "parent/child") throw new Error("no space left");
      return super.change(key, change);
    }
  }
  const [records, clock] = [new FullRecords(), new ManualClock()];
  await storeFlow(records, flowSpecToFlow(nested()));
  await expect(runStoredFlows(records, { runner: "r", clock, handlers })).rejects.toThrow("no space left");
  expect((await storedFlow(records, "parent"))?.tasks.map(({ status }) => status)).toEqual([
    "COMPLETED",
    "PENDING",
    "PENDING",
  ]);
  records.isFull = false;
  clock.advance(60_000);
  await rounds(records, "parent", ["r"], { clock });
  expect((await storedFlow(records, "parent"))?.status).toBe("COMPLETED");
});

test("15: a claim is renewed while a tick goes on, however long that takes", async () => {
  const clock = new ManualClock();
  const records = new MemoryRecords();
  await storeFlow(records, flowSpecToFlow({ key: "k", tasks: [{ taskType: "long" }] }));
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const long: TaskHandler = async () => {
    begin();
    await finished;
  };
  const options = { clock, claimMs: 90, handlers: { long } };
  const first = runStoredFlows(records, { runner: "first", ...options });
  await begun;
  for (let past = 0; past < 900; past += 30) {
    clock.advance(30);
    // The renewal is a change of its own: it has its turn before the clock goes on.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(await runStoredFlows(records, { runner: "second", ...options })).toEqual({
      ticked: [],
      over: [],
      lost: [],
      refused: [],
    });
  }
  finish();
  expect(await first).toEqual({ ticked: ["k"], over: ["k"], lost: [], refused: [] });
  expect(clock.timers).toEqual([]);
});
