/** Stored flows and runners that tick them: the scenario of their ancestor, in memory and in files. */
import {
  type FlowRecords,
  FolderRecords,
  flowSpecToFlow,
  MemoryRecords,
  runStoredFlows,
  storedFlow,
  storeFlow,
  type TaskHandler,
} from "@millrace/jobs";
import { ManualClock } from "@millrace/testing";
import { describe, expect, test } from "vitest";
import { temporaryFolders } from "./temporary-folders.js";

const newFolder = temporaryFolders();
const inFolder = (): FlowRecords => new FolderRecords(newFolder());

/** Three flows of two tasks. */
async function threeFlows(records: FlowRecords): Promise<void> {
  for (const key of ["a/1", "..", "c"]) {
    const tasks = ["t1", "t2"].map((task) => ({ key: task, taskType: "work" }));
    await storeFlow(records, flowSpecToFlow({ key, tasks }));
  }
}

describe.each([
  ["in memory", () => new MemoryRecords()],
  ["in a folder", inFolder],
])("15: flows stored %s", (_, open) => {
  test("two runners tick three flows, each of them one at a time", async () => {
    const records = open();
    await threeFlows(records);
    const inside = new Set<string>();
    const by: string[] = [];
    const work =
      (runner: string): TaskHandler =>
      async ({ flow, task }) => {
        expect(inside.has(flow.key)).toBe(false);
        inside.add(flow.key);
        // The other runner has its turn in the middle of this tick.
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        inside.delete(flow.key);
        by.push(`${flow.key} ${task.key} ${runner}`);
      };
    const rounds = await Promise.all(
      ["one", "two"].map((runner) => runStoredFlows(records, { runner, handlers: { work: work(runner) } })),
    );
    expect(rounds.flatMap(({ over }) => over).sort()).toEqual(["..", "a/1", "c"]);
    expect(rounds.flatMap(({ lost }) => lost)).toEqual([]);
    expect(by.map((text) => text.replace(/ (one|two)$/, "")).sort()).toEqual(
      [".. t1", ".. t2", "a/1 t1", "a/1 t2", "c t1", "c t2"].sort(),
    );
    expect(
      rounds.every(({ ticked }) => ticked.length > 0),
      "both had something to do",
    ).toBe(true);
    for (const key of await records.keys()) expect((await storedFlow(records, key))?.status).toBe("COMPLETED");
  });

  test("a claim of a runner that died ends, and what that one writes late is not taken", async () => {
    const records = open();
    await storeFlow(records, flowSpecToFlow({ key: "k", tasks: [{ taskType: "work" }, { taskType: "work" }] }));
    // The dead one's own time stands still: nothing renews its claim.
    const [stopped, clock] = [new ManualClock(1_000), new ManualClock(1_000)];
    let hold: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const held = new Promise<void>((resolve) => {
      hold = resolve;
    });
    const stuck: TaskHandler = async ({ task, data }) => {
      if (task.key === "task-2") {
        begun();
        await held;
      }
      data.by = "dead";
    };
    const dead = runStoredFlows(records, { runner: "dead", claimMs: 100, clock: stopped, handlers: { work: stuck } });
    await hasBegun;
    const next = (): ReturnType<typeof runStoredFlows> =>
      runStoredFlows(records, {
        runner: "next",
        claimMs: 100,
        clock,
        handlers: { work: ({ data }) => void Object.assign(data, { by: "next" }) },
      });
    clock.advance(99);
    expect(await next()).toEqual({ ticked: [], over: [], lost: [] });
    clock.advance(1);
    expect(await next()).toEqual({ ticked: ["k"], over: ["k"], lost: [] });
    stopped.advance(100);
    hold();
    expect(await dead).toEqual({ ticked: [], over: [], lost: ["k"] });
    // What had been written before is kept, what came after is the next one's.
    expect((await storedFlow(records, "k"))?.tasks.map(({ data }) => data.by)).toEqual(["dead", "next"]);
  });

  test("limits are kept; a flow that waits is given back, and goes on in the next round", async () => {
    const records = open();
    await threeFlows(records);
    const work: TaskHandler = ({ task }) => (task.ticks < 2 ? "RUNNING" : undefined);
    const round = (more: object = {}) => runStoredFlows(records, { runner: "r", handlers: { work }, ...more });
    expect(await round({ maxFlows: 2 })).toEqual({ ticked: ["..", "a/1"], over: [], lost: [] });
    expect((await storedFlow(records, "c"))?.status).toBe("PENDING");
    expect((await storedFlow(records, ".."))?.ticks).toBe(1);
    expect(await round({ maxFlows: 1, maxTicks: 1 })).toMatchObject({ ticked: [".."], over: [] });
    expect((await storedFlow(records, ".."))?.ticks).toBe(2);
    let rounds = 0;
    for (let over = 0; over < 3; rounds++) over += (await round()).over.length;
    expect(rounds).toBeLessThan(5);
    expect(await round()).toEqual({ ticked: [], over: [], lost: [] });
    await expect(storeFlow(records, flowSpecToFlow({ key: "c", tasks: [] }))).rejects.toMatchObject({
      code: "flow-spec-invalid",
    });
  });
});

test("15: many changes at once by different hands on one folder: none is lost", async () => {
  const folder = newFolder();
  const hands = Array.from({ length: 8 }, () => new FolderRecords(folder));
  await storeFlow(hands[0] as FolderRecords, flowSpecToFlow({ key: "k", data: { n: 0 }, tasks: [] }));
  await Promise.all(
    hands.map(async (records) => {
      for (let i = 0; i < 10; i++)
        await records.change("k", (there) =>
          there ? { flow: { ...there.flow, data: { n: (there.flow.data.n as number) + 1 } } } : undefined,
        );
    }),
  );
  expect((await storedFlow(hands[0] as FolderRecords, "k"))?.data).toEqual({ n: 80 });
});
