import { setImmediate as turn } from "node:timers/promises";
import { beforeEach, expect, it } from "vitest";
import { type AttemptScope, runInAttempt } from "../attempt/attempt-scope.js";
import { SliceMeter, type SliceWatch } from "./slice-meter.js";

/** A clock that goes on while somebody computes, and nowhere else. */
let now = 0;
let idle = 0;
const compute = (ms: number): void => {
  now += ms;
};
let meter: SliceMeter;
beforeEach(() => {
  now = 1_000;
  idle = 0;
  meter = new SliceMeter({ now: () => now, idle: () => idle });
});

interface Started {
  readonly watch: SliceWatch;
  readonly done: Promise<void>;
}

/** Starts code as an attempt. It asks for its own watch after its first turn. */
function start(code: (watch: () => SliceWatch) => Promise<void>): Started {
  const scope = {} as AttemptScope;
  const begin = () => ({ scope, done: runInAttempt(scope, () => code(() => started.watch)) });
  const started: { readonly watch: SliceWatch; readonly attempt: ReturnType<typeof begin> } = meter.start(begin);
  return { watch: started.watch, done: started.attempt.done };
}

async function measured(code: (watch: () => SliceWatch) => Promise<void>) {
  const { watch, done } = start(code);
  await done;
  return watch.end();
}

it("what an attempt computes in one turn is one slice, however often it waits for promises in it", async () => {
  const slices = await measured(async () => {
    compute(10);
    await null;
    compute(5);
    await turn();
    compute(15);
    await null;
  });
  expect(slices).toEqual({ busyMs: 30, waitedMs: 0, sliceMs: 15 });
});

it("the slice that others meet counts long ones by their length", async () => {
  const slices = await measured(async () => {
    for (const ms of [10, 20, 30]) {
      compute(ms);
      await turn();
    }
  });
  expect(slices.sliceMs).toBe((10 * 10 + 20 * 20 + 30 * 30) / 60);
});

it("each of two that share a thread is charged with its own slices", async () => {
  const turns = (ms: number) => async () => {
    for (let i = 0; i < 3; i++) {
      compute(ms);
      await turn();
    }
  };
  const [short, long] = [start(turns(1)), start(turns(40))];
  await Promise.all([short.done, long.done]);
  expect(short.watch.end()).toMatchObject({ busyMs: 3, sliceMs: 1 });
  expect(long.watch.end()).toMatchObject({ busyMs: 120, sliceMs: 40 });
});

it("a wait for others in the thread is no wait of its own; one for something outside is", async () => {
  let arrive = (): void => {};
  const outside = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const behind = start(async () => {
    compute(2);
    await turn();
    compute(2);
  });
  const waiting = start(async () => {
    compute(2);
    await outside;
    compute(2);
  });
  const holding = start(async () => {
    for (let i = 0; i < 3; i++) {
      compute(100);
      await turn();
    }
  });
  await Promise.all([behind.done, holding.done]);
  await turn();
  await turn();
  // The loop rests, and something comes.
  now += 5_000;
  idle += 5_000;
  arrive();
  await waiting.done;
  expect(behind.watch.end()).toMatchObject({ busyMs: 4, waitedMs: 0 });
  const { busyMs, waitedMs } = waiting.watch.end();
  expect(busyMs).toBe(4);
  expect(waitedMs).toBeGreaterThanOrEqual(5_000);
  expect(holding.watch.end()).toMatchObject({ busyMs: 300, waitedMs: 0 });
});

it("callbacks inside callbacks are counted once", async () => {
  const { AsyncResource } = await import("node:async_hooks");
  const slices = await measured(async () => {
    await turn();
    compute(1);
    new AsyncResource("inner").runInAsyncScope(() => compute(10));
    compute(1);
  });
  expect(slices.busyMs).toBe(12);
});

it("what came before a restart is forgotten", async () => {
  const slices = await measured(async (watch) => {
    compute(500);
    await turn();
    compute(300);
    watch().restart();
    compute(7);
  });
  expect(slices).toEqual({ busyMs: 7, waitedMs: 0, sliceMs: 7 });
});

it("code that an attempt has left behind, and code of nobody, is charged to nobody", async () => {
  const first = start(async () => {
    void turn().then(() => compute(1_000));
    compute(3);
  });
  await first.done;
  expect(first.watch.end().busyMs).toBe(3);
  const second = await measured(async () => {
    compute(1);
    await turn();
    await turn();
    compute(1);
  });
  expect(second.busyMs).toBe(2);
});
