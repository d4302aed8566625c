/** Stored flows and runners that tick them: the scenario of their ancestor, in memory and in files. */
import {
  type FlowRecords,
  FolderRecords,
  flowSpecToFlow,
  MemoryRecords,
  removeFlow,
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

  test.each([
    ["dead", "next"],
    ["host-1", "host-1"],
  ])(
    "a claim of a runner that died ends, and what that one writes late is not taken: %s, %s",
    async (first, second) => {
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
      const dead = runStoredFlows(records, { runner: first, claimMs: 100, clock: stopped, handlers: { work: stuck } });
      await hasBegun;
      const next = (): ReturnType<typeof runStoredFlows> =>
        runStoredFlows(records, {
          runner: second,
          claimMs: 100,
          clock,
          handlers: { work: ({ data }) => void Object.assign(data, { by: "next" }) },
        });
      clock.advance(99);
      expect(await next()).toEqual({ ticked: [], over: [], lost: [], refused: [] });
      clock.advance(1);
      expect(await next()).toEqual({ ticked: ["k"], over: ["k"], lost: [], refused: [] });
      stopped.advance(100);
      hold();
      expect(await dead).toEqual({ ticked: [], over: [], lost: ["k"], refused: [] });
      // What had been written before is kept, what came after is the next one's.
      expect((await storedFlow(records, "k"))?.tasks.map(({ data }) => data.by)).toEqual(["dead", "next"]);
    },
  );

  test("limits are kept; a flow that waits is given back, and goes on in the next round", async () => {
    const records = open();
    await threeFlows(records);
    const work: TaskHandler = ({ task }) => (task.ticks < 2 ? "RUNNING" : undefined);
    const round = (more: object = {}) => runStoredFlows(records, { runner: "r", handlers: { work }, ...more });
    expect(await round({ maxFlows: 2 })).toEqual({ ticked: ["..", "a/1"], over: [], lost: [], refused: [] });
    expect((await storedFlow(records, "c"))?.status).toBe("PENDING");
    expect((await storedFlow(records, ".."))?.ticks).toBe(1);
    expect(await round({ maxFlows: 1, maxTicks: 1 })).toMatchObject({ ticked: ["c"], over: [] });
    expect((await storedFlow(records, ".."))?.ticks).toBe(1);
    let rounds = 0;
    for (let over = 0; over < 3; rounds++) over += (await round()).over.length;
    expect(rounds).toBeLessThan(5);
    expect(await round()).toEqual({ ticked: [], over: [], lost: [], refused: [] });
    await expect(storeFlow(records, flowSpecToFlow({ key: "c", tasks: [] }))).rejects.toMatchObject({
      code: "flow-spec-invalid",
    });
  });
});

describe("15: a round", () => {
  const noop = [{ taskType: "noop" }];
  const noTime = { ticked: [], over: [], lost: [], refused: [] };

  test("with a limit takes those first that have waited longest: a flow that waits on and on starves nobody", async () => {
    const [records, clock] = [new MemoryRecords(), new ManualClock(1_000)];
    for (const key of ["a", "b", "c"]) await storeFlow(records, flowSpecToFlow({ key, tasks: [{ taskType: "wait" }] }));
    const ticked: string[] = [];
    for (let round = 0; round < 6; round++) {
      clock.advance(1_000);
      const options = { runner: "r", maxFlows: 1, clock, handlers: { wait: () => "RUNNING" as const } };
      ticked.push(...(await runStoredFlows(records, options)).ticked);
    }
    expect(ticked).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  test("leaves a flow that this runner cannot tick to others, says why, and ticks the rest", async () => {
    const records = new MemoryRecords();
    for (const [key, taskType] of [
      ["a", "mine"],
      ["b", "noop"],
    ] as const)
      await storeFlow(records, flowSpecToFlow({ key, tasks: [{ taskType }] }));
    expect(await runStoredFlows(records, { runner: "r", handlers: { mien: () => undefined } })).toEqual({
      ticked: ["b"],
      over: ["b"],
      lost: [],
      refused: [{ key: "a", reason: expect.stringMatching(/"mine", which has no handler\. Did you mean "mien"/) }],
    });
    // It was not claimed: another runner need not wait for that.
    const other = await runStoredFlows(records, { runner: "other", handlers: { mine: () => undefined } });
    expect(other).toEqual({ ticked: ["a"], over: ["a"], lost: [], refused: [] });
  });

  test("gives a flow back that it cannot go on with, as it was written last", async () => {
    const records = new MemoryRecords();
    const grow: TaskHandler = ({ flow }) => void flow.addTask({ key: "more", taskType: "mine" });
    await storeFlow(records, flowSpecToFlow({ key: "a", tasks: [{ key: "grow", taskType: "grow" }, ...noop] }));
    await storeFlow(records, flowSpecToFlow({ key: "b", tasks: noop }));
    const first = await runStoredFlows(records, { runner: "r", handlers: { grow } });
    expect(first).toMatchObject({ ticked: ["a", "b"], over: ["b"], refused: [{ key: "a" }] });
    expect((await storedFlow(records, "a"))?.tasks.map(({ status }) => status)).toEqual([
      "COMPLETED",
      "PENDING",
      "PENDING",
    ]);
    const other = await runStoredFlows(records, { runner: "other", handlers: { grow, mine: () => undefined } });
    expect(other).toMatchObject({ over: ["a"], refused: [] });
  });

  test.each([
    [{ maxFlows: Number.NaN }, /maxFlows must be a number from 1, not NaN/],
    [{ maxFlows: 0 }, /maxFlows must be a number from 1, not 0/],
    [{ maxTicks: -1 }, /maxTicks must be/],
    [{ claimMs: 0 }, /claimMs must be/],
    [{ runner: "" }, /has a name that is not empty/],
  ])("does not take %j for no limit", async (more, message) => {
    const round = runStoredFlows(new MemoryRecords(), { runner: "r", ...more });
    await expect(round).rejects.toMatchObject({ code: "invalid-options", message: expect.stringMatching(message) });
  });

  test("finds nothing of a flow that was removed; one that is being ticked is not removed", async () => {
    const [records, clock] = [new MemoryRecords(), new ManualClock(1_000)];
    await storeFlow(records, flowSpecToFlow({ key: "a", tasks: [{ taskType: "work" }] }));
    const work: TaskHandler = () => removeFlow(records, "a", { clock }).then(() => undefined);
    expect(await runStoredFlows(records, { runner: "host-1", clock, handlers: { work } })).toMatchObject({
      over: ["a"],
    });
    expect((await storedFlow(records, "a"))?.errors[0]?.message).toBe('"a" is being ticked by host-1.');
    expect([await removeFlow(records, "a"), await removeFlow(records, "a")]).toEqual([true, false]);
    expect([await records.keys(), await runStoredFlows(records, { runner: "r" })]).toEqual([[], noTime]);
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
