import type {
  AbortReason,
  AttemptSlices,
  Executor,
  Job,
  LaneEvent,
  LaneKind,
  MillraceError,
  SpecialLanes,
  StepOptions,
} from "@millrace/core";
import { ManualClock } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { limitsOf } from "./admission/limits.js";
import { Dispatcher } from "./dispatcher.js";
import type { JobListener } from "./job-listener.js";

/** Lanes that do nothing but remember. */
class FakeExecutor implements Executor {
  readonly name = "fake";
  readonly lanes: {
    readonly kind: string;
    readonly thread: number;
    readonly pushed: number[][];
    readonly revoked: number[][];
    readonly aborted: number[];
    on(events: LaneEvent[]): void;
  }[] = [];
  readonly width: number;
  readonly special?: SpecialLanes;

  constructor(width: number, special: SpecialLanes = {}) {
    this.width = width;
    this.special = special;
  }

  openLane(
    on: (events: readonly LaneEvent[]) => void,
    kind: LaneKind = "plain",
    thread = 0,
  ): ReturnType<Executor["openLane"]> {
    const lane = { kind, thread, pushed: [] as number[][], revoked: [] as number[][], aborted: [] as number[], on };
    this.lanes.push(lane);
    return {
      push: (jobs) => void lane.pushed.push(jobs.map((job) => job.id)),
      revoke: (ids) => void lane.revoked.push([...ids]),
      abort: (id) => void lane.aborted.push(id),
      answer: () => {},
      close: async () => {},
    };
  }

  async close(): Promise<void> {}
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const REASON: AbortReason = { kind: "body", message: "enough" };
const job = (id: number, task = "T"): Job => ({ id, task, key: `F/s/${id}`, node: `n${id}` }) as Job;

class Listener implements JobListener {
  readonly heard: string[] = [];
  claimed(): void {
    this.heard.push("claimed");
  }
  progress(): void {
    this.heard.push("progress");
  }
  chunk(): void {
    this.heard.push("chunk");
  }
  log(): void {
    this.heard.push("log");
  }
  shared(): void {
    this.heard.push("shared");
  }
  settled(): void {
    this.heard.push("settled");
  }
  returned(reason: string): void {
    this.heard.push(`returned ${reason}`);
  }
  stranded({ code }: MillraceError): void {
    this.heard.push(`stranded ${code}`);
  }
  refused(error: Error): void {
    this.heard.push(`refused ${(error as { code?: string }).code}`);
  }
}

function settled(id: number, ms: number): LaneEvent {
  return { type: "settled", id, outcome: { type: "succeeded", value: new Uint8Array() }, startedAt: 0, endedAt: ms };
}

function setUp(
  width: number,
  limit?: number,
  special?: SpecialLanes,
): { executor: FakeExecutor; dispatcher: Dispatcher; clock: ManualClock } {
  const executor = new FakeExecutor(width, special);
  const clock = new ManualClock();
  return {
    executor,
    clock,
    dispatcher: new Dispatcher({ tasks: executor, commands: executor, containers: executor }, clock, {
      pools: {},
      resources: {},
      maxConcurrency: limit,
    }),
  };
}

describe("the dispatcher", () => {
  it("gives each lane one job of a task that it does not know", async () => {
    const { executor, dispatcher } = setUp(2);
    for (let id = 1; id <= 5; id++) dispatcher.dispatch(job(id), new Listener());
    await turn();
    expect(executor.lanes.map((lane) => lane.pushed)).toEqual([[[1]], [[2]]]);
    executor.lanes[1]?.on([{ type: "claimed", id: 2, at: 0 }, settled(2, 500)]);
    await turn();
    expect(executor.lanes[1]?.pushed).toEqual([[2], [3]]);
  });

  it("sends jobs of a task that has proved short in arrays, and only a few milliseconds of them", async () => {
    const { executor, dispatcher } = setUp(1);
    dispatcher.dispatch(job(0), new Listener());
    await turn();
    executor.lanes[0]?.on([settled(0, 0.1)]);
    for (let id = 1; id <= 100; id++) dispatcher.dispatch(job(id), new Listener());
    await turn();
    expect(executor.lanes[0]?.pushed.map((batch) => batch.length)).toEqual([1, 39]);
  });

  it("stops queueing behind a task at its first long attempt", async () => {
    const { executor, dispatcher } = setUp(1);
    dispatcher.dispatch(job(0), new Listener());
    await turn();
    executor.lanes[0]?.on([settled(0, 0.1)]);
    for (let id = 1; id <= 60; id++) dispatcher.dispatch(job(id), new Listener());
    await turn();
    executor.lanes[0]?.on(Array.from({ length: 39 }, (_, i) => settled(i + 1, i === 38 ? 900 : 0.1)));
    await turn();
    expect(executor.lanes[0]?.pushed.map((batch) => batch.length)).toEqual([1, 39, 1]);
  });

  it("never has more in flight than its limit", async () => {
    const { executor, dispatcher } = setUp(4, 2);
    for (let id = 1; id <= 6; id++) dispatcher.dispatch(job(id), new Listener());
    await turn();
    expect(executor.lanes).toHaveLength(2);
    expect(executor.lanes.flatMap((lane) => lane.pushed.flat())).toEqual([1, 2]);
  });

  it("takes queued jobs back from a busy lane while another idles", async () => {
    const { executor, dispatcher, clock } = setUp(2);
    dispatcher.dispatch(job(0), new Listener());
    await turn();
    executor.lanes[0]?.on([settled(0, 0.1)]);
    for (let id = 1; id <= 40; id++) dispatcher.dispatch(job(id), new Listener());
    await turn();
    const [first, second] = executor.lanes;
    const queued = second?.pushed.flat() ?? [];
    second?.on(queued.map((id) => settled(id, 0.1)));
    await turn();
    clock.advance(10);
    const taken = first?.revoked.flat() ?? [];
    expect(taken.length).toBeGreaterThan(5);
    first?.on([{ type: "returned", ids: taken, reason: "revoked" }]);
    await turn();
    expect(second?.pushed.flat().filter((id) => taken.includes(id))).not.toEqual([]);
  });

  it("lets the next job stand ready behind one that will end soon, and no more than that", async () => {
    const { executor, dispatcher } = setUp(2);
    for (const id of [1, 2]) dispatcher.dispatch(job(id), new Listener());
    await turn();
    for (const [n, lane] of executor.lanes.entries()) lane.on([settled(n + 1, 50)]);
    for (let id = 3; id <= 12; id++) dispatcher.dispatch(job(id), new Listener());
    await turn();
    expect(executor.lanes.map((lane) => lane.pushed.flat().length)).toEqual([3, 3]);
    executor.lanes[0]?.on([settled(3, 50)]);
    await turn();
    expect(executor.lanes.map((lane) => lane.pushed.flat().length)).toEqual([4, 3]);
  });

  it.each([
    { what: "of a task that it does not know", first: "New", ms: 50 },
    { what: "that takes long", first: "T", ms: 101 },
  ])("queues nothing behind a job $what", async ({ first, ms }) => {
    const { executor, dispatcher } = setUp(1);
    dispatcher.dispatch(job(1), new Listener());
    await turn();
    executor.lanes[0]?.on([settled(1, ms)]);
    dispatcher.dispatch(job(2, first), new Listener());
    dispatcher.dispatch(job(3), new Listener());
    await turn();
    expect(executor.lanes[0]?.pushed.flat()).toEqual([1, 2]);
  });

  it("takes a job that stands ready back at once for a lane with nothing to do", async () => {
    const { executor, dispatcher } = setUp(2);
    dispatcher.dispatch(job(0), new Listener());
    await turn();
    executor.lanes[0]?.on([settled(0, 50)]);
    for (const id of [1, 2, 3]) dispatcher.dispatch(job(id), new Listener());
    await turn();
    expect(executor.lanes.map((lane) => lane.pushed.flat())).toEqual([[0, 1, 3], [2]]);
    executor.lanes[1]?.on([settled(2, 50)]);
    expect(executor.lanes[0]?.revoked.flat()).toEqual([3]);
    executor.lanes[0]?.on([{ type: "returned", ids: [3], reason: "revoked" }]);
    await turn();
    expect(executor.lanes[1]?.pushed.flat()).toEqual([2, 3]);
  });

  it("puts jobs that stand ready behind one of higher priority", async () => {
    const { executor, dispatcher } = setUp(1);
    dispatcher.dispatch(job(0), new Listener());
    await turn();
    executor.lanes[0]?.on([settled(0, 50)]);
    for (const id of [1, 2]) dispatcher.dispatch(job(id), new Listener());
    await turn();
    executor.lanes[0]?.on([{ type: "claimed", id: 1, at: 0 }]);
    dispatcher.dispatch(job(3), new Listener(), limitsOf("T", { priority: -1 }));
    expect(executor.lanes[0]?.revoked).toEqual([]);
    dispatcher.dispatch(job(4), new Listener(), limitsOf("T", { priority: 1 }));
    expect(executor.lanes[0]?.revoked).toEqual([[2]]);
    executor.lanes[0]?.on([{ type: "returned", ids: [2], reason: "revoked" }]);
    await turn();
    for (const id of [1, 4, 2]) {
      executor.lanes[0]?.on([settled(id, 50)]);
      await turn();
    }
    expect(executor.lanes[0]?.pushed.flat()).toEqual([0, 1, 2, 4, 2, 3]);
  });

  it("forgets an aborted job that has not left, and asks the lane for one that has", async () => {
    const { executor, dispatcher } = setUp(1);
    const early = new Listener();
    dispatcher.dispatch(job(1), new Listener());
    dispatcher.dispatch(job(2), early);
    await turn();
    expect(dispatcher.abort(2, REASON)).toBe(false);
    expect(dispatcher.abort(1, REASON)).toBe(true);
    expect(executor.lanes[0]?.aborted).toEqual([1]);
    executor.lanes[0]?.on([settled(1, 1)]);
    await turn();
    expect(executor.lanes[0]?.pushed).toEqual([[1]]);
    expect(early.heard).toEqual([]);
  });

  it("runs a job again whose thread was lost, three times at most", async () => {
    const { executor, dispatcher } = setUp(1);
    const listener = new Listener();
    dispatcher.dispatch(job(1), listener);
    for (let i = 0; i < 3; i++) {
      await turn();
      executor.lanes[0]?.on([{ type: "returned", ids: [1], reason: "thread-lost" }]);
    }
    await turn();
    expect(executor.lanes[0]?.pushed).toEqual([[1], [1], [1]]);
    expect(listener.heard).toEqual(["returned thread-lost", "returned thread-lost", "refused thread-lost"]);
  });

  it("does not count threads that were lost in front of a job", async () => {
    const { executor, dispatcher } = setUp(1);
    const listener = new Listener();
    dispatcher.dispatch(job(0), new Listener());
    await turn();
    executor.lanes[0]?.on([settled(0, 50)]);
    dispatcher.dispatch(job(9), listener, limitsOf("T", { priority: -1 }));
    for (let id = 1; id <= 5; id++) {
      dispatcher.dispatch(job(id), new Listener());
      await turn();
      expect(executor.lanes[0]?.pushed.at(-1)).toEqual([id, 9]);
      executor.lanes[0]?.on([settled(id, 50), { type: "returned", ids: [9], reason: "thread-lost" }]);
    }
    await turn();
    executor.lanes[0]?.on([settled(9, 50)]);
    expect(listener.heard).toEqual([...Array(5).fill("returned thread-lost"), "settled"]);
  });

  it("goes on without a broken lane, and strands everything when none is left", async () => {
    const { executor, dispatcher } = setUp(2);
    const listeners = [1, 2, 3].map((id) => {
      const listener = new Listener();
      dispatcher.dispatch(job(id), listener);
      return listener;
    });
    await turn();
    executor.lanes[0]?.on([
      { type: "returned", ids: [1], reason: "thread-lost" },
      { type: "broken", error: new Error("no threads") },
    ]);
    executor.lanes[1]?.on([settled(2, 500)]);
    await turn();
    expect(executor.lanes[1]?.pushed.flat()).toContain(3);
    executor.lanes[1]?.on([{ type: "broken", error: new Error("none either") }]);
    await turn();
    expect(listeners.map(({ heard }) => heard.at(-1))).toEqual([
      "stranded thread-start-failed",
      "settled",
      "stranded thread-start-failed",
    ]);
  });

  it("opens lanes again for what comes after all were lost, and strands that only if they break, too", async () => {
    const { executor, dispatcher } = setUp(2);
    const broken: LaneEvent = { type: "broken", error: new Error("no threads") };
    for (const lane of executor.lanes) lane.on([broken]);
    const [second, third] = [new Listener(), new Listener()];
    dispatcher.dispatch(job(2), second);
    await turn();
    expect(executor.lanes.map(({ pushed }) => pushed)).toEqual([[], [], [[2]], []]);
    executor.lanes[2]?.on([{ type: "returned", ids: [2], reason: "revoked" }, broken]);
    await turn();
    expect(executor.lanes[3]?.pushed).toEqual([[2]]);
    executor.lanes[3]?.on([{ type: "returned", ids: [2], reason: "revoked" }, broken]);
    await turn();
    expect(second.heard.at(-1)).toBe("stranded thread-start-failed");
    expect(executor.lanes).toHaveLength(4);
    dispatcher.dispatch(job(3), third);
    await turn();
    executor.lanes[4]?.on([settled(3, 1)]);
    expect(third.heard).toEqual(["settled"]);
  });

  it("opens a lost lane again after a while, when there is something to do", async () => {
    const { executor, dispatcher, clock } = setUp(2);
    executor.lanes[0]?.on([{ type: "broken", error: new Error("no thread") }]);
    dispatcher.dispatch(job(1), new Listener());
    dispatcher.dispatch(job(2), new Listener());
    await turn();
    expect(executor.lanes.map(({ pushed }) => pushed)).toEqual([[], [[1]]]);
    clock.advance(10_000);
    dispatcher.dispatch(job(3), new Listener());
    await turn();
    expect(executor.lanes.map(({ pushed }) => pushed)).toEqual([[], [[1]], [[2]]]);
  });

  it("strands what needs a kind of lane that is lost, and nothing else", async () => {
    const { executor, dispatcher } = setUp(1, undefined, { isolated: 1 });
    const alone = (id: number): Listener => {
      const listener = new Listener();
      dispatcher.dispatch(job(id), listener, limitsOf("T", { isolate: true } as StepOptions, {}));
      return listener;
    };
    const first = alone(1);
    const plain = new Listener();
    dispatcher.dispatch(job(2), plain);
    await turn();
    const [, isolated] = executor.lanes;
    isolated?.on([
      { type: "returned", ids: [1], reason: "revoked" },
      { type: "broken", error: new Error("no threads") },
    ]);
    await turn();
    expect(first.heard).toEqual(["returned revoked", "stranded thread-start-failed"]);
    executor.lanes[0]?.on([settled(2, 1)]);
    expect(plain.heard).toEqual(["settled"]);
    alone(3);
    await turn();
    expect(executor.lanes.map(({ kind, pushed }) => [kind, pushed])).toEqual([
      ["plain", [[2]]],
      ["isolated", [[1]]],
      ["isolated", [[3]]],
    ]);
  });

  it("runs a job once that a broken lane gives back after its last word", async () => {
    const { executor, dispatcher } = setUp(2);
    const [first, second] = [new Listener(), new Listener()];
    dispatcher.dispatch(job(1), first);
    dispatcher.dispatch(job(2), second);
    await turn();
    const [broken, other] = executor.lanes;
    // It was pushed between the two.
    broken?.on([
      { type: "broken", error: new Error("no threads") },
      { type: "returned", ids: [1], reason: "revoked" },
    ]);
    other?.on([settled(2, 500)]);
    await turn();
    other?.on([{ type: "claimed", id: 1, at: 500 }]);
    broken?.on([
      { type: "claimed", id: 1, at: 500 },
      { type: "returned", ids: [1], reason: "revoked" },
    ]);
    await turn();
    expect(other?.pushed).toEqual([[2], [1]]);
    expect(first.heard).toEqual(["returned thread-lost", "claimed"]);
  });
});

describe("light steps", () => {
  const HOLDS: AttemptSlices = { busyMs: 400, waitedMs: 0, sliceMs: 40 };
  const SHARES: AttemptSlices = { busyMs: 40, waitedMs: 199, sliceMs: 40 };
  const WAITS: AttemptSlices = { busyMs: 1, waitedMs: 400, sliceMs: 0.5 };
  const ended = (id: number, slices: AttemptSlices): LaneEvent => ({ ...settled(id, 500), slices }) as LaneEvent;

  /** A dispatcher over one plain lane and two shared threads that knows how the tasks Holds, Shares and Waits use theirs. */
  async function knowing() {
    const { executor, dispatcher } = setUp(1, undefined, { light: { threads: 2, lanes: 64 } });
    let ids = 0;
    const issue = (task: string, options: StepOptions = { io: true }, beside = false): number => {
      const id = ++ids;
      dispatcher.dispatch(job(id, task), new Listener(), limitsOf(task, options, { beside }));
      return id;
    };
    /** Where each of these jobs is. */
    const placeOf = (id: number): string => {
      const lane = executor.lanes.find(({ pushed }) => pushed.flat().includes(id));
      return lane ? `${lane.kind} ${lane.thread}` : "nowhere";
    };
    const end = async (id: number, slices: AttemptSlices): Promise<void> => {
      executor.lanes.find(({ pushed }) => pushed.flat().includes(id))?.on([ended(id, slices)]);
      await turn();
    };
    for (const [task, slices] of Object.entries({ Holds: HOLDS, Shares: SHARES, Waits: WAITS })) {
      const id = issue(task);
      await turn();
      expect(placeOf(id)).toBe("light 0");
      await end(id, slices);
    }
    return { issue, placeOf, end };
  }

  it("that wait share a thread, 64 of them, then the next one", async () => {
    const { issue, placeOf } = await knowing();
    const ids = Array.from({ length: 130 }, () => issue("Waits"));
    await turn();
    expect(ids.map(placeOf)).toEqual([
      ...Array(64).fill("light 0"),
      ...Array(64).fill("light 1"),
      "nowhere",
      "nowhere",
    ]);
  });

  it("of a task that computes in long slices are spread over threads", async () => {
    const { issue, placeOf } = await knowing();
    const ids = Array.from({ length: 7 }, () => issue("Shares"));
    await turn();
    expect(ids.map(placeOf)).toEqual([...Array(3).fill("light 0"), ...Array(3).fill("light 1"), "nowhere"]);
  });

  it("of a task that holds its thread run as steps without io do, and keep nobody waiting behind them", async () => {
    const { issue, placeOf, end } = await knowing();
    const holding = [issue("Holds"), issue("Holds")];
    const waiting = Array.from({ length: 10 }, () => issue("Waits"));
    await turn();
    expect(holding.map(placeOf)).toEqual(["plain 0", "nowhere"]);
    expect(new Set(waiting.map(placeOf))).toEqual(new Set(["light 0"]));
    await end(holding[0] as number, HOLDS);
    expect(placeOf(holding[1] as number)).toBe("plain 0");
  });

  it("share a thread again once their task has proved to wait", async () => {
    const { issue, placeOf, end } = await knowing();
    let places = 0;
    for (let id = issue("Holds"); places < 50; id = issue("Holds"), places++) {
      await turn();
      if (placeOf(id) !== "plain 0") break;
      await end(id, WAITS);
    }
    expect(places).toBeGreaterThan(0);
    expect(places).toBeLessThan(50);
  });

  it("that no flow waits for stay in a shared thread where no other one may be given to them", async () => {
    const { issue, placeOf } = await knowing();
    const id = issue("Holds", { io: true }, true);
    await turn();
    expect(placeOf(id)).toBe("light 0");
  });

  it("are bounded by a number that their task has given, in whatever thread they are", async () => {
    const { issue, placeOf } = await knowing();
    const ids = Array.from({ length: 3 }, () => issue("Holds", { io: 1 }));
    await turn();
    expect(ids.map(placeOf)).toEqual(["plain 0", "nowhere", "nowhere"]);
  });

  it("taken back while they wait for a thread of their own are not started", async () => {
    const { executor, dispatcher } = setUp(1, undefined, { light: { threads: 1, lanes: 64 } });
    const limits = limitsOf("Holds", { io: true });
    dispatcher.dispatch(job(1, "Holds"), new Listener(), limits);
    await turn();
    executor.lanes[1]?.on([ended(1, HOLDS)]);
    for (const id of [2, 3]) dispatcher.dispatch(job(id, "Holds"), new Listener(), limits);
    await turn();
    expect(dispatcher.abort(3, REASON)).toBe(false);
    executor.lanes[0]?.on([ended(2, HOLDS)]);
    await turn();
    expect(executor.lanes.map(({ pushed }) => pushed.flat())).toEqual([[2], [1]]);
  });
});
