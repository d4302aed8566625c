/** The option `durability` of flows: when a body hears of outcomes, and what is on disk by then. */
import type { Fact, FactBatch, RunStore } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";

const next = defineTask({ id: "Next", run: ({ x }: { x: number }): number => x + 1 });

const chain = (durability: "before" | "behind" | undefined, heard: number[]) =>
  defineFlow({
    id: "Chain",
    options: durability === undefined ? {} : { durability },
    run: async (_: object, body) => {
      let x = 0;
      while (x < 3) {
        x = await body.call(next, { x });
        heard.push(x);
      }
      return x;
    },
  });

/** A memory store that keeps nothing while its door is shut. */
function shutStore() {
  const inner = memoryStore();
  const append = inner.append.bind(inner);
  const kept: Fact[] = [];
  let open: () => void = () => {};
  let door: Promise<void> = Promise.resolve();
  const store: RunStore = Object.assign(inner, {
    async append(batches: readonly FactBatch[]): Promise<void> {
      await door;
      await append(batches);
      for (const { facts } of batches) kept.push(...facts);
    },
  });
  return {
    store,
    kept: () => kept.map(({ kind }) => kind),
    shut: () => {
      door = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
  };
}

describe("durability", () => {
  it("behind: a body goes on while nothing is committed; its result waits until all is", async () => {
    const heard: number[] = [];
    const { store, kept, shut, open } = shutStore();
    await using engine = await openTestEngine({ store });
    const run = engine.start(chain("behind", heard), {});
    await engine.events.until("run-started");
    shut();
    await engine.events.until("step-settled", (event) => heard.length === 2 && event.state === "succeeded");
    expect(kept()).toEqual(["run-started"]);
    let ended = false;
    const result = run.result().finally(() => {
      ended = true;
    });
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect({ heard, ended, kept: kept() }).toEqual({ heard: [1, 2, 3], ended: false, kept: ["run-started"] });
    open();
    expect(await result).toBe(3);
    expect(kept()).toEqual(["run-started", "step-settled", "step-settled", "step-settled", "run-ended"]);
  });

  it.each(["before", undefined] as const)("%s: a body hears of an outcome once it is committed", async (durability) => {
    const heard: number[] = [];
    const { store, kept, shut, open } = shutStore();
    await using engine = await openTestEngine({ store });
    const run = engine.start(chain(durability, heard), {});
    await engine.events.until("step-running");
    shut();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect({ heard, kept: kept() }).toEqual({ heard: [], kept: ["run-started"] });
    open();
    expect(await run.result()).toBe(3);
  });

  it("behind: a store that fails stops the run, and nothing is written after", async () => {
    const inner = memoryStore();
    const append = inner.append.bind(inner);
    let appended = 0;
    const store: RunStore = Object.assign(inner, {
      async append(batches: readonly FactBatch[]): Promise<void> {
        if (++appended > 1) throw new Error("disk gone");
        await append(batches);
      },
    });
    await using engine = await openTestEngine({ store });
    const run = engine.start(chain("behind", []), {});
    const outcome = await run.outcome();
    expect(outcome).toMatchObject({ status: "suspended", reason: "interrupt", message: "disk gone" });
    expect(appended).toBe(2);
  });

  it("refuses other values", async () => {
    await using engine = await openTestEngine();
    const wrong = chain("later" as "behind", []);
    expect(() => engine.start(wrong, {})).toThrow('durability must be "before" or "behind"');
  });
});
