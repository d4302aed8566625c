/** A lane whose pool takes no more runs, because another thread of it did not come up. The test plays the threads. */
import type { MessagePort } from "node:worker_threads";
import type { Job, LaneEvent } from "@millrace/core";
import { ManualClock } from "@millrace/testing";
import { expect, it } from "vitest";
import { isOurs, WIRE } from "../../wire/brand.js";
import { claim, finish } from "../../wire/claims.js";
import type { FromThread, WireEvent } from "../../wire/from-thread.js";
import type { ChannelStart, ToThread } from "../../wire/to-thread.js";
import { ThreadLane } from "./thread-lane.js";
import type { ThreadPool, ThreadRun } from "./thread-pool.js";

/** A thread as the test plays it. */
class PlayedThread implements ThreadRun {
  readonly ended: Promise<undefined>;
  readonly startFailed = new Promise<Error>(() => {});
  readonly said: string[] = [];
  retired = false;
  readonly #port: MessagePort;
  readonly #claims = new Map<number, readonly [Int32Array, number]>();
  #end = (): void => {};

  constructor({ port }: ChannelStart) {
    this.#port = port;
    this.ended = new Promise((resolve) => {
      this.#end = () => resolve(undefined);
    });
    port.on("message", (message: unknown) => {
      if (isOurs(message)) this.#hear(message as ToThread);
    });
    this.#say({ wire: WIRE, type: "hello" });
  }

  begin(id: number): void {
    const [claims, slot] = this.#claimOf(id);
    expect(claim(claims, slot)).toBe(true);
    this.#tell({ type: "claimed", id, at: 0 });
  }

  settle(id: number): void {
    finish(...this.#claimOf(id));
    const error = { at: 0, size: 0 };
    this.#tell({
      type: "settled",
      id,
      outcome: { type: "aborted", error },
      startedAt: 0,
      endedAt: 0,
    });
  }

  kill(): void {}
  killAll(): void {}
  started(): void {}
  holding(): void {}
  failed(): void {}
  async answers(): Promise<void> {}

  #claimOf(id: number): readonly [Int32Array, number] {
    const found = this.#claims.get(id);
    if (!found) throw new Error(`Job ${id} has not come.`);
    return found;
  }

  #hear(message: ToThread): void {
    if (message.type === "jobs") {
      const claims = new Int32Array(message.claims);
      for (const [slot, { id }] of message.jobs.entries()) this.#claims.set(id, [claims, slot]);
      this.said.push(`jobs ${message.jobs.map(({ id }) => id)}`);
    } else this.said.push(message.type);
    if (message.type !== "end") return;
    this.#port.close();
    this.#end();
  }

  #tell(event: WireEvent): void {
    this.#say({ wire: WIRE, type: "events", events: [event], frame: new ArrayBuffer(0) });
  }

  #say(message: FromThread): void {
    this.#port.postMessage(message);
  }
}

function setUp(): { lane: ThreadLane; threads: PlayedThread[]; heard: LaneEvent[] } {
  const threads: PlayedThread[] = [];
  const heard: LaneEvent[] = [];
  const pool = {
    broken: false,
    borrow(start: ChannelStart): ThreadRun {
      const thread = new PlayedThread(start);
      threads.push(thread);
      return thread;
    },
  };
  const lane = new ThreadLane({
    // Safe: a lane uses no more of its pool than this.
    pool: pool as unknown as ThreadPool,
    clock: new ManualClock(),
    startTimeoutMs: 10_000,
    recycleMiB: undefined,
    idleMs: 1_000,
    kind: "plain",
    on: (events) => void heard.push(...events),
  });
  return { lane, threads, heard };
}

const job = (id: number): Job => ({ id, task: "T", node: `n${id}`, params: new Uint8Array(), graceMs: 10 }) as never;
const until = (holds: () => boolean): Promise<void> => expect.poll(holds, { interval: 1, timeout: 5_000 }).toBe(true);

it("what it has begun ends where it is, and is begun nowhere else; what comes behind it goes to another thread", async () => {
  const { lane, threads, heard } = setUp();
  lane.push([job(1)]);
  const [first] = threads;
  await until(() => first?.said.length === 1);
  first?.begin(1);
  await until(() => heard.length === 1);
  if (first) first.retired = true;
  lane.push([job(2), job(3)]);
  lane.push([job(4)]);
  // What has not been sent can be taken back.
  lane.revoke([3]);
  await until(() => heard.length === 2);
  expect(first?.said).toEqual(["jobs 1"]);
  first?.settle(1);
  await until(() => threads.length === 2 && threads[1]?.said.length === 1);
  expect(threads.map(({ said }) => said)).toEqual([["jobs 1", "end"], ["jobs 2,4"]]);
  expect(heard.map((event) => [event.type, "ids" in event ? event.ids : event.type === "broken" || event.id])).toEqual([
    ["claimed", 1],
    ["returned", [3]],
    ["settled", 1],
  ]);
  threads[1]?.begin(2);
  threads[1]?.settle(2);
  threads[1]?.begin(4);
  threads[1]?.settle(4);
  await lane.close();
});
