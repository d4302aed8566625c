/**
 * The published suites from outside: a project that has only installed packages holds adapters of its own against them. A good
 * one passes; one with a planted fault fails in the test that speaks of it.
 */
import { createTestProject } from "@millrace/testing";
import { expect, it } from "vitest";

const ADAPTERS = `
import { inlineExecutor, memoryStore } from "millrace/engine";
import { ManualClock } from "millrace/testing";
import { checkpointerConformance, clockConformance, executorConformance, observerConformance, runStoreConformance } from "millrace/testing/conformance";

/** A small store of somebody's own: counts what it passes on to another one. */
export class CountingStore {
  name = "counting";
  appends = 0;
  constructor(inner) {
    this.inner = inner;
  }
  append(batches) {
    this.appends += 1;
    return this.inner.append(batches);
  }
  read = (run) => this.inner.read(run);
  cached = (identity) => this.inner.cached(identity);
  list = (filter) => this.inner.list(filter);
  acquire = (run, owner) => this.inner.acquire(run, owner);
  heartbeat = (leases) => this.inner.heartbeat(leases);
  release = (leases) => this.inner.release(leases);
  remove = (lease) => this.inner.remove(lease);
  request = (request) => this.inner.request(request);
  takeRequests = (leases) => this.inner.takeRequests(leases);
  scheduledUpTo = (schedule) => this.inner.scheduledUpTo(schedule);
  markScheduled = (schedule, instant) => this.inner.markScheduled(schedule, instant);
  close = () => this.inner.close();
}

export const store = (name, change = (store) => store) =>
  runStoreConformance(name, {
    durable: false,
    make: async () => ({
      open: async (clock) => change(new CountingStore(memoryStore({ clock }))),
      remove: async () => {},
    }),
  });

/** Collects lines. */
export const observer = (name, change = (observer) => observer) =>
  observerConformance(name, () => {
    const lines = [];
    let closed = false;
    const on = (event) => {
      if (!closed) lines.push(JSON.stringify(event));
    };
    const close = () => {
      closed = true;
    };
    return { open: () => change({ name, on, close }, lines), written: () => lines.join("\\n") };
  });

export const checkpointer = (name, change = (checkpointer) => checkpointer) =>
  checkpointerConformance(name, () => {
    const texts = new Map();
    return {
      open: () =>
        change({
          write: (name, text) => void texts.set(name, text),
          read: (name) => texts.get(name),
          clear: (name) => void texts.delete(name),
        }),
    };
  });

export const clock = (name, change = (clock) => clock) =>
  clockConformance(name, () => {
    const manual = new ManualClock();
    const clock = { now: () => manual.now(), after: (ms, callback) => manual.after(ms, callback) };
    return { clock: change(clock, manual), advance: (ms) => manual.advance(ms) };
  });

export const executor = (name, change = (events) => events) =>
  executorConformance(name, () => {
    const inner = inlineExecutor();
    return {
      name,
      width: 1,
      openLane: (on) => inner.openLane((events) => on(change(events))),
      close: () => inner.close(),
    };
  });
`;

const GOOD = `
import { checkpointer, clock, executor, observer, store } from "./adapters.mjs";
store("good");
observer("good");
clock("good");
checkpointer("good");
executor("good");
`;

/** Suite → the change that breaks an adapter, and the test that must notice. */
const FAULTS: readonly [suite: string, fault: string, change: string, noticed: string][] = [
  [
    "store",
    "backwards",
    "(store) => Object.assign(store, { read: async function* (run) { const all = []; for await (const fact of store.inner.read(run)) all.unshift(fact); yield* all; } })",
    "facts come back in order, of every kind, with every field and no other",
  ],
  [
    "store",
    "forgetful",
    "(store) => Object.assign(store, { append: (batches) => store.inner.append(batches.slice(0, 1)) })",
    "atomicity takes two batches of one run in one append",
  ],
  [
    "store",
    "generous",
    // Whoever asks owns the run: the fence that keeps a stale owner out is gone.
    "(store) => { const epochs = new Map(); return Object.assign(store, { acquire: async (run, owner) => { const lease = await store.inner.acquire(run, owner); epochs.set(run, lease.epoch); return lease; }, append: (batches) => store.inner.append(batches.map((batch) => ({ ...batch, epoch: epochs.get(batch.run) ?? batch.epoch }))) }); }",
    "ownership lost stops the facts of that run alone",
  ],
  [
    "store",
    "clinging",
    // The first result of an identity stays for ever.
    "(store) => { const first = new Map(); return Object.assign(store, { cached: async (id) => { if (!first.get(id)) first.set(id, await store.inner.cached(id)); return first.get(id); } }); }",
    "shared results are found by identity, whatever run made them, the newest first",
  ],
  [
    "observer",
    "promising",
    "({ on, ...rest }) => ({ ...rest, on: async (event) => on(event) })",
    "is done at once with each event: nobody awaits it",
  ],
  [
    "observer",
    "marking",
    "({ on, ...rest }) => ({ ...rest, on: (event) => { event.seen = true; on(event); } })",
    "leaves events as they are: others get the same ones",
  ],
  [
    "observer",
    "narrow",
    '({ on, ...rest }) => ({ ...rest, on: (event) => { if (event.type === "run-paused") throw new Error("what is that?"); on(event); } })',
    "takes events of kinds that do not exist yet",
  ],
  ["observer", "endless", "({ close, ...rest }) => rest", "ignores events after its close"],
  [
    "observer",
    "late",
    "({ on, close, name }, lines) => ({ name, on, close: () => { setTimeout(() => lines.push('bye'), 1_000); close(); } })",
    "has written everything when its close resolves, and nothing after it",
  ],
  [
    "observer",
    "stray",
    '({ on, ...rest }) => ({ ...rest, on: (event) => { on(event); if (event.type === "run-ended") void Promise.reject(new Error("disk full")); } })',
    "throws, rejects or is silent when it cannot write, and never fails behind its caller's back",
  ],
  [
    "checkpointer",
    "flat",
    // As on a file system that does not tell case apart.
    "({ write, read, clear }) => ({ write: (name, text) => write(name.toLowerCase(), text), read: (name) => read(name.toLowerCase()), clear: (name) => clear(name.toLowerCase()) })",
    "keeps names apart, whatever they are",
  ],
  [
    "checkpointer",
    "torn",
    "({ write, ...rest }) => ({ ...rest, write: async (name, text) => { write(name, text.slice(0, 9)); await null; write(name, text); } })",
    "has the old text or the new one while it writes, and nothing between",
  ],
  [
    "checkpointer",
    "sticky",
    "(checkpointer) => ({ ...checkpointer, clear: () => {} })",
    "clears one name and no other; there may be nothing to clear",
  ],
  [
    "clock",
    "eager",
    "(clock) => ({ ...clock, after: (ms, callback) => { if (ms > 0) return clock.after(ms, callback); callback(); return () => {}; } })",
    "fires a timer of 0 ms once, and not while it is being set",
  ],
  [
    "clock",
    "short",
    "(clock) => ({ ...clock, after: (ms, callback) => clock.after(ms > 2 ** 31 - 1 ? 1 : ms, callback) })",
    "does not fire a timer beyond 2^31 ms early, and cancels it",
  ],
  [
    "clock",
    "relentless",
    "(clock) => ({ ...clock, after: (ms, callback) => { clock.after(ms, callback); return () => {}; } })",
    "cancels a timer, at any time and any number of times, and no other one",
  ],
  [
    "clock",
    "living",
    "(clock) => ({ ...clock, after: (ms, callback, options) => { const timer = options?.unref && setTimeout(() => {}, 1_000); const cancel = clock.after(ms, callback); return () => { clearTimeout(timer); cancel(); }; } })",
    "fires unref'd timers like others, and lets the process end meanwhile",
  ],
  [
    "executor",
    "echoing",
    "(events) => [...events, ...events]",
    "jobs run one at a time in the order of push, over batches",
  ],
];

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

it("hold for adapters that were written elsewhere, and fail for broken ones", { timeout: 240_000 }, async () => {
  const broken = FAULTS.map(([suite, fault, change]) => `${suite}(${JSON.stringify(fault)}, ${change});`);
  await using project = await createTestProject({
    files: {
      "adapters.mjs": ADAPTERS,
      "good.test.mjs": GOOD,
      "broken.test.mjs": `import { checkpointer, clock, executor, observer, store } from "./adapters.mjs";\n${broken.join("\n")}\n`,
    },
    deadlineMs: 200_000,
  });
  const vitest = project.path("node_modules/vitest/vitest.mjs");
  const run = async (file: string, limit: number): Promise<ReadonlyMap<string, string>> => {
    const ended = await project.node([vitest, "run", file, "--reporter=json", `--testTimeout=${limit}`]).done;
    const tests = ended.json<Report>().testResults.flatMap(({ assertionResults }) => assertionResults);
    return new Map(tests.map(({ fullName, status }) => [fullName, status]));
  };

  const good = await run("good.test.mjs", 60_000);
  expect(good.size).toBeGreaterThan(80);
  expect([...good].filter(([, status]) => status === "failed")).toEqual([]);
  // What the broken ones never do is waited for, but not for long.
  const failed = [...(await run("broken.test.mjs", 4_000))]
    .filter(([, status]) => status === "failed")
    .map(([test]) => test);
  for (const [suite, fault, , noticed] of FAULTS) {
    const title = suite === "store" ? "run store" : suite;
    expect(failed, fault).toContain(`${title}: ${fault} ${noticed}`);
  }
});
