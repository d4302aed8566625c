/** A run that goes on does not hold what it was given back from its record: a million steps in one body would fill the memory. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Fact, OwnerInfo, RunId, RunStore } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine } from "@millrace/testing";
import { expect, it } from "vitest";

const RUN = "long" as RunId;
const DEAD: OwnerInfo = { pid: 1, processStart: "0", boot: "none", host: "none", engine: "dead" };
const N = 200;
const ITEMS = Array.from({ length: N }, (_, i) => i);

const work = defineTask({ id: "Work", run: ({ x }: { x: number }): number => x });
const last = defineTask({ id: "Last", run: ({ n }: { n: number }): number => n });
const long = defineFlow({
  id: "Long",
  run: async (_: object, body) => {
    const results = await body.map(ITEMS, (x) => body.call(work, { x }));
    return body.call(last, { n: results.length });
  },
});

/** The store, which hands out copies of its facts; `given` tells which settlements of them are still held by anybody. */
function watched(store: RunStore): { readonly store: RunStore; readonly given: WeakRef<Fact>[] } {
  const given: WeakRef<Fact>[] = [];
  async function* read(run: RunId): AsyncIterable<Fact> {
    for await (const fact of store.read(run)) {
      const copy = { ...fact };
      if (copy.kind === "step-settled") given.push(new WeakRef(copy));
      yield copy;
    }
  }
  const get = (target: RunStore, name: keyof RunStore): unknown => {
    const member = name === "read" ? read : target[name];
    return typeof member === "function" ? member.bind(target) : member;
  };
  // Safe: the names asked for are those of a store.
  return { store: new Proxy(store, { get: (target, name) => get(target, name as keyof RunStore) }), given };
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose_gc");
  // What a WeakRef has been asked for, or was made of, is held until the turn ends.
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    runInNewContext("gc")();
  }
}

it("what has been delivered from the record is let go while the run goes on", async () => {
  const first = memoryStore();
  await using life = await openTestEngine({ store: first });
  await life.start(long, {}, { id: RUN }).result();
  const facts: Fact[] = [];
  for await (const fact of first.read(RUN)) facts.push(fact);
  const cut = memoryStore();
  const lease = await cut.acquire(RUN, DEAD);
  await cut.append([{ run: RUN, epoch: lease.epoch, facts: facts.slice(0, N + 1) }]);
  await cut.release([lease]);

  const { store, given } = watched(cut);
  const lasts = controlled(last);
  await using engine = await openTestEngine({ store, classes: [long], standIns: [lasts] });
  const run = await engine.resume(RUN);
  const attempt = await lasts.next();
  expect(given.length).toBe(N);
  await collectGarbage();
  // A register of the machine may hold one or two.
  expect(given.filter((ref) => ref.deref()).length).toBeLessThan(5);
  attempt.finish(attempt.params.n);
  expect(await run.result()).toBe(N);
});
