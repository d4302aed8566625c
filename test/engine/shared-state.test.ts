/** Shared state as attempts use it, through the test's engine: what they see of each other, and what never gets lost. */
import { defineFlow, defineTask, type TaskShared } from "@millrace/sdk";
import { ManualClock, openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { random } from "./random-bodies.js";

/** Meets everybody who comes, and lets all go on together. */
function meeting(size: number): () => Promise<void> {
  let here = 0;
  let open = (): void => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    here += 1;
    if (here >= size) open();
    return all;
  };
}

const one = (n: unknown): number => ((n as number | undefined) ?? 0) + 1;

/** A task without parameters that does something with shared state. */
function using<R>(id: string, run: (shared: TaskShared) => R | Promise<R>, retry = 1) {
  const options = { retry: { attempts: retry, delay: 1 } };
  return defineTask({ id, options, run: (_: object, { shared }) => run(shared) });
}

const all = using("All", (shared) => shared.entries());

describe("an attempt", () => {
  it("sees its own writes at once, others when it has succeeded, and all of them together", async () => {
    await using engine = await openTestEngine();
    const gate = meeting(2);
    const writer = using("Writer", async (shared) => {
      await shared.set("a", { list: [1] });
      await shared.set("b", 2);
      await shared.update("b", one);
      await shared.set("c", 4);
      await shared.delete("c");
      const seen = [await shared.get("a"), await shared.has("c"), await shared.entries()];
      await gate();
      return seen;
    });
    const flow = defineFlow({
      id: "Two",
      run: async (_: object, body) => {
        const wrote = body.call(writer, {});
        const before = await body.call(all, {});
        await gate();
        return { wrote: await wrote, before, after: await body.call(all, {}) };
      },
    });
    const both = [
      ["a", { list: [1] }],
      ["b", 3],
    ];
    const run = engine.start(flow, {});
    expect(await run.result()).toEqual({ wrote: [{ list: [1] }, false, both], before: [], after: both });
    expect(await run.shared.entries()).toEqual(both);
  });

  it("that fails leaves nothing of its writes, to others and to the next attempt", async () => {
    await using engine = await openTestEngine();
    let attempts = 0;
    const unsteady = using(
      "Unsteady",
      async (shared) => {
        attempts += 1;
        const found = await shared.entries();
        await shared.set(`from ${attempts}`, true);
        await shared.update("count", one);
        if (attempts === 1) throw new Error("once");
        return found;
      },
      2,
    );
    const run = engine.startTask(unsteady, {});
    expect(await run.result()).toEqual([]);
    expect(await run.shared.entries()).toEqual([
      ["count", 1],
      ["from 2", true],
    ]);
  });

  it("that is aborted leaves nothing, though its code goes on to the end", async () => {
    await using engine = await openTestEngine();
    const gate = meeting(2);
    let wrote: unknown;
    const slow = defineTask({
      id: "Slow",
      run: async (_: object, { shared, signal }) => {
        await shared.set("slow", 1);
        await gate();
        // Its neighbour fails, so it is told to stop.
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        wrote = await shared.set("slow", 2).catch((error: unknown) => error);
      },
    });
    const fails = using("Fails", async () => {
      await gate();
      throw new Error("no");
    });
    const flow = defineFlow({
      id: "Pair",
      run: (_: object, body) => body.map([slow, fails], (target) => body.call(target, {})),
    });
    const run = engine.start(flow, {});
    await expect(run.result()).rejects.toThrow("no");
    expect(await run.shared.entries()).toEqual([]);
    expect(wrote).toMatchObject({ code: "shared-misuse" });
  });

  it("keeps what is published, whatever becomes of it, and others see it before its end", async () => {
    await using engine = await openTestEngine();
    const gate = meeting(2);
    const tells = using("Tells", async (shared) => {
      await shared.set("kept back", 1);
      await shared.publish("found", { at: new Date(7) });
      await gate();
      throw new Error("after all");
    });
    const flow = defineFlow({
      id: "Live",
      run: async (_: object, body) => {
        const told = body.attempt(tells, {});
        let seen: unknown;
        for (let n = 0; seen === undefined && n < 100; n += 1) seen = (await body.call(all, {}))[0];
        await gate();
        return [seen, (await told).status];
      },
    });
    const run = engine.start(flow, {});
    expect(await run.result()).toEqual([["found", { at: new Date(7) }], "failed"]);
    expect(await run.shared.entries()).toEqual([["found", { at: new Date(7) }]]);
  });

  it("counts each use in the order of its call, awaited or not", async () => {
    await using engine = await openTestEngine();
    const hasty = using("Hasty", (shared) => {
      const value = { n: 1 };
      void shared.update("x", one);
      void shared.update("x", (n) => one(n) * 10);
      void shared.set("y", value);
      value.n = 2; // what was given then counts
      void shared.set("z", 1);
      void shared.update("z", one);
      void shared.set("z", 5);
      void shared.publish("live", "p");
    });
    const run = engine.startTask(hasty, {});
    await run.result();
    expect(await run.shared.entries()).toEqual([
      ["live", "p"],
      ["x", 20],
      ["y", { n: 1 }],
      ["z", 5],
    ]);
  });

  it("gets copies: what it does to them reaches nobody", async () => {
    await using engine = await openTestEngine();
    const changes = using("Changes", async (shared) => {
      await shared.set("list", [1]);
      ((await shared.get("list")) as number[]).push(2);
      for (const [, value] of await shared.entries()) (value as number[]).push(3);
      return shared.get("list");
    });
    expect(await engine.runTask(changes, {})).toEqual([1]);
  });

  it("may use any text as a key, and any value that can be sent", async () => {
    await using engine = await openTestEngine();
    const keys = ["", "__proto__", "constructor", "a/b#c@d~2", "\ud800", "ß\u0000\n", "x".repeat(1_024)];
    const value = { m: new Map([["k", 1n]]), d: new Date(Number.NaN), u: undefined, z: -0 };
    const writes = using("Writes", async (shared) => {
      for (const key of keys) await shared.set(key, value);
      await shared.set("none", undefined);
    });
    const run = engine.startTask(writes, {});
    await run.result();
    expect(await run.shared.entries()).toEqual(
      [...keys, "none"].sort().map((key) => [key, key === "none" ? undefined : value]),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(await run.shared.get("toString")).toBeUndefined();
  });
});

describe("update", () => {
  it("loses none of 1,000 increments of each of two attempts that overlap", async () => {
    await using engine = await openTestEngine();
    const gate = meeting(2);
    const calls: number[] = [];
    const counts = using("Counts", async (shared) => {
      for (let i = 0; i < 1_000; i += 1) {
        await shared.update("n", (n) => {
          calls.push(i);
          return one(n);
        });
        if (i === 500) await gate();
      }
    });
    const flow = defineFlow({
      id: "Twice",
      run: (_: object, body) => body.map([1, 2], () => body.call(counts, {})),
    });
    const run = engine.start(flow, {});
    await run.result();
    expect(await run.shared.get("n")).toBe(2_000);
    // One of the two was applied again, to what the other had written.
    expect(calls).toHaveLength(3_000);
  });

  it("loses none of 200 steps, some of which fail and are tried again", async () => {
    await using engine = await openTestEngine();
    const next = random(5);
    const counts = using(
      "Often",
      async (shared) => {
        await shared.update("n", one);
        await shared.update("m", one);
        for (let turns = next() * 4; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
        if (next() < 0.2) throw new Error("again");
        await shared.update("n", one);
      },
      20,
    );
    const flow = defineFlow({
      id: "Many",
      run: (_: object, body) => body.map([...Array(200).keys()], () => body.call(counts, {})),
    });
    const run = engine.start(flow, {});
    await run.result();
    expect(await run.shared.entries()).toEqual([
      ["m", 200],
      ["n", 400],
    ]);
  });

  it("fails its attempt if its function throws, also when it is applied again", async () => {
    await using engine = await openTestEngine();
    const gate = meeting(2);
    const claims = using("Claims", async (shared) => {
      await shared.update("owner", (owner) => {
        if (owner !== undefined) throw new Error("taken");
        return "me";
      });
      await gate();
    });
    const flow = defineFlow({
      id: "Race",
      run: (_: object, body) => body.map([1, 2], () => body.call(claims, {}), { onError: "collect" }),
    });
    const ends = await engine.run(flow, {});
    expect(ends.map((end) => (end.status === "succeeded" ? "" : end.error.message)).sort()).toEqual(["", "taken"]);
  });

  it("of crossed keys finds an end: claims do not wait for each other", async () => {
    await using engine = await openTestEngine();
    const gate = meeting(2);
    const crossed = defineTask({
      id: "Crossed",
      run: async ({ keys }: { keys: string[] }, { shared }) => {
        for (const key of keys) await shared.update(key, one);
        await gate();
      },
    });
    const flow = defineFlow({
      id: "Cross",
      run: (_: object, body) =>
        body.map(
          [
            ["a", "b"],
            ["b", "a"],
          ],
          (keys) => body.call(crossed, { keys }),
        ),
    });
    const run = engine.start(flow, {});
    await run.result();
    expect(await run.shared.entries()).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
  });
});

describe("set", () => {
  /** Two attempts that both have read a key before either writes it. */
  async function contended(onConflict: "last" | "fail", retry: number, reads: boolean) {
    await using engine = await openTestEngine();
    const gate = meeting(2);
    const sets = defineTask({
      id: "Sets",
      options: { retry: { attempts: retry, delay: 1 } },
      run: async ({ who }: { who: string }, { shared, info }) => {
        if (reads) await shared.get("x");
        const before = ((await shared.get("log")) as string[] | undefined) ?? [];
        await shared.set("x", who, { onConflict });
        await gate();
        await shared.update("log", () => [...before, `${who}${info.attempt}`]);
      },
    });
    const flow = defineFlow({
      id: "Contended",
      run: (_: object, body) =>
        body.map(["a", "b"], (who) => body.call(sets, { who }), { onError: "collect", key: (who) => who }),
    });
    const run = engine.start(flow, {});
    const ends = await run.result();
    return { ends, x: await run.shared.get("x"), log: (await run.shared.get("log")) as string[] };
  }

  it("is won by the last one to commit", async () => {
    const { ends, x } = await contended("last", 1, true);
    expect(ends.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    expect(["a", "b"]).toContain(x);
  });

  it.each([true, false])(
    "fails by name where it is asked to, if somebody was faster (read before: %s)",
    async (reads) => {
      const { ends, x } = await contended("fail", 1, reads);
      expect(ends.map(({ status }) => status).sort()).toEqual(["failed", "succeeded"]);
      const lost = ends.find((end) => end.status !== "succeeded");
      expect(lost).toMatchObject({ error: { code: "shared-conflict", data: { key: "x" } } });
      expect(x).toBe(ends[0]?.status === "succeeded" ? "a" : "b");
    },
  );

  it("sees in its next attempt what was there", async () => {
    const { ends, log } = await contended("fail", 2, true);
    expect(ends.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    expect(log).toHaveLength(2);
    expect(log[1]).toMatch(/2$/);
  });

  it("refuses a policy that there is none of", async () => {
    await using engine = await openTestEngine();
    const odd = using("Odd", (shared) => shared.set("x", 1, { onConflict: "first" as "last" }));
    await expect(engine.runTask(odd, {})).rejects.toMatchObject({ code: "shared-misuse" });
  });
});

describe("misuse", () => {
  it.each([
    ["a key that is no text", (shared: TaskShared) => shared.get(7 as unknown as string), /type number/],
    ["a key that is too long", (shared: TaskShared) => shared.set("x".repeat(1_025), 1), /1025 characters/],
    [
      "a value with a function",
      (shared: TaskShared) => shared.set("f", { deep: [() => 1] }),
      /shared\["f"\]\.deep\[0\]/,
    ],
    ["an asynchronous update", (shared: TaskShared) => shared.update("p", async () => 1), /shared\["p"\].*promise/i],
    ["17 MiB", (shared: TaskShared) => shared.publish("big", new Uint8Array(17 << 20)), /over the limit of 16777216/],
  ])("is refused by name, and the run's state stays as it was: %s", async (_, use, message) => {
    await using engine = await openTestEngine();
    const run = engine.startTask(
      using("Bad", (shared) => use(shared) as Promise<unknown>, 3),
      {},
    );
    await expect(run.result()).rejects.toThrow(message);
    expect(await run.shared.entries()).toEqual([]);
    expect(run.totals.failed).toBe(1);
    // The code is at fault: it is not tried again.
    expect(engine.events.of("attempt-failed")).toEqual([]);
  });

  it("after the end of an attempt is refused, and changes nothing", async () => {
    await using engine = await openTestEngine();
    let late: Promise<unknown> | undefined;
    const gate = meeting(2);
    const leaves = using("Leaves", (shared) => {
      late = gate().then(() => Promise.allSettled([shared.set("x", 1), shared.get("x"), shared.publish("x", 2)]));
    });
    const run = engine.startTask(leaves, {});
    await run.result();
    await gate();
    const refused = { status: "rejected", reason: { code: "shared-misuse", message: /has ended/ } };
    expect(await late).toMatchObject(Array(3).fill({ ...refused, reason: { code: "shared-misuse" } }));
    expect(await run.shared.entries()).toEqual([]);
  });

  it("in hooks that come too late is refused, where what is written would be lost", async () => {
    await using engine = await openTestEngine();
    const said: string[] = [];
    const attempt = async (what: string, use: () => Promise<void>): Promise<void> => {
      said.push(
        `${what}: ${await use().then(
          () => "done",
          (error: { code: string }) => error.code,
        )}`,
      );
    };
    const hooked = (fails: boolean) =>
      defineTask({
        id: fails ? "Failing" : "Fine",
        hooks: {
          onSuccess: (_, { shared }) => attempt("onSuccess", () => shared.set("s", 1)),
          onFailure: async (_error, _, { shared }) => {
            await attempt("onFailure set", () => shared.set("f", 1));
            await attempt("onFailure publish", () => shared.publish("why", "no"));
          },
          onDestroy: async (_, { shared }) => attempt("onDestroy", () => shared.set("d", 1)),
        },
        run: async (_: object, { shared }) => {
          await shared.set("r", 1);
          if (fails) throw new Error("no");
        },
      });
    const fine = engine.startTask(hooked(false), {});
    await fine.result();
    const failing = engine.startTask(hooked(true), {});
    await expect(failing.result()).rejects.toThrow("no");
    expect(said).toEqual([
      ...["onSuccess: done", "onDestroy: shared-misuse"],
      ...["onFailure set: shared-misuse", "onFailure publish: done", "onDestroy: shared-misuse"],
    ]);
    expect(await fine.shared.entries()).toEqual([
      ["r", 1],
      ["s", 1],
    ]);
    expect(await failing.shared.entries()).toEqual([["why", "no"]]);
  });
});

describe("a stop", () => {
  it("frees an attempt that waits for the commit of another, and nothing of it is written", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const holds = meeting(2);
    const holder = defineTask({
      id: "Holder",
      hooks: { onDestroy: () => holds() },
      run: (_: object, { shared }) => shared.update("x", one),
    });
    const stuck = meeting(2);
    const waiter = defineTask({
      id: "Waiter",
      options: { timeout: "1m" },
      hooks: { onSuccess: () => stuck() },
      run: (_: object, { shared }) => shared.update("x", (n) => one(n) * 100),
    });
    const flow = defineFlow({
      id: "Held",
      run: async (_: object, body) => {
        const first = body.call(holder, {});
        const second = await body.attempt(waiter, {});
        void holds();
        await first;
        return second.status === "failed" && second.error;
      },
    });
    const run = engine.start(flow, {});
    await stuck();
    // It has nothing left to do but to ask.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(60_000);
    expect(await run.result()).toMatchObject({ code: "step-timeout" });
    expect(await run.shared.get("x")).toBe(1);
  });

  it("lets an attempt say why it has stopped, also where its end was waiting for a use", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const holds = meeting(2);
    const holder = defineTask({
      id: "HoldsOn",
      hooks: { onDestroy: () => holds() },
      run: (_: object, { shared }) => shared.set("x", 1),
    });
    const stuck = meeting(2);
    let refused: unknown;
    const leaves = defineTask({
      id: "LeavesIt",
      options: { timeout: "1m" },
      hooks: {
        onAbort: (reason, _, { shared }) => shared.publish("stopped", reason.message),
        onDestroy: (_, { shared }) => shared.publish("gone", true),
      },
      run: (_: object, { shared }) => {
        void shared.publish("x", 2).catch((error: unknown) => {
          refused = error;
        });
        void stuck();
      },
    });
    const flow = defineFlow({
      id: "Told",
      run: async (_: object, body) => {
        const first = body.call(holder, {});
        await body.attempt(leaves, {});
        void holds();
        await first;
      },
    });
    const run = engine.start(flow, {});
    await stuck();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(60_000);
    await run.result();
    expect(refused).toMatchObject({ code: "step-timeout" });
    expect(await run.shared.entries()).toEqual([
      ["gone", true],
      ["stopped", "LeavesIt ran longer than its timeout of 1 min 00 s."],
      ["x", 1],
    ]);
  });

  it("of the run ends attempts that ask, and those that wait for others", async () => {
    await using engine = await openTestEngine();
    const begun = meeting(3);
    const holder = defineTask({
      id: "HolderTill",
      hooks: {
        onDestroy: async (_, { signal }) => {
          void begun();
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
        },
      },
      run: (_: object, { shared }) => shared.set("x", 1),
    });
    const waiter = defineTask({
      id: "WaiterTill",
      hooks: { onSuccess: () => begun() },
      run: (_: object, { shared }) => shared.publish("y", 1).then(() => shared.set("x", 2)),
    });
    const flow = defineFlow({
      id: "Cancelled",
      run: (_: object, body) => body.map([holder, waiter], (target) => body.call(target, {})),
    });
    const run = engine.start(flow, {});
    await begun();
    await run.cancel();
    expect(run.state).toBe("aborted");
    expect(await run.shared.get("y")).toBe(1);
    expect(await run.shared.get("x")).not.toBe(2);
  });
});
