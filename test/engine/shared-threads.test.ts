/** `io`, `isolate` and `memory`: who shares a thread with whom, and who pays when one dies. On real threads. */
import type { RunEvent } from "@millrace/core";
import { memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

/** Each step tells its thread, and how many steps of its task its thread had begun before. */
const MODULE = `
import { threadId } from "node:worker_threads";
import { Flow, Task } from "millrace";
import { $site } from "millrace/stamps";
const P = Symbol.for("millrace.params");
const turn = () => new Promise((resolve) => setImmediate(resolve));
let begun = 0, open = 0, most = 0;
export class Meet extends Task {
  async run() {
    const before = begun++;
    most = Math.max(most, ++open);
    while (begun < this.n && !this.signal.aborted) await turn();
    for (let i = this.turns ?? 20; i > 0; i--) await turn();
    open--;
    return { thread: threadId, before, most };
  }
}
Reflect.defineMetadata(P, new Set(["n", "turns"]), Meet);
export class Hold extends Task {
  async run() {
    const line = new BroadcastChannel(this.line);
    await new Promise((resolve) => { line.onmessage = ({ data }) => { if (data === "go") resolve(); }; });
    line.postMessage("gone");
    line.close();
    return threadId;
  }
}
Reflect.defineMetadata(P, new Set(["line"]), Hold);
/** Says so until as many have gone. */
export class Release extends Task {
  async run() {
    const line = new BroadcastChannel(this.line);
    let left = this.times;
    line.onmessage = ({ data }) => { if (data === "gone") left--; };
    while (left > 0) {
      line.postMessage("go");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    line.close();
    return threadId;
  }
}
Reflect.defineMetadata(P, new Set(["line", "times"]), Release);
/** Computes, and lets others have their turn in between. */
let hogs = 0, mostHogs = 0;
export class Hog extends Task {
  async run() {
    mostHogs = Math.max(mostHogs, ++hogs);
    for (let i = 0; i < this.slices; i++) {
      for (const end = performance.now() + this.ms; performance.now() < end; ) Math.sqrt(2);
      await turn();
    }
    hogs--;
    return { thread: threadId, most: mostHogs };
  }
}
Reflect.defineMetadata(P, new Set(["slices", "ms"]), Hog);
/** Misbehaves once all others in its thread have begun, in every thread it gets into. */
export class Trouble extends Task {
  async run() {
    begun++;
    for (let i = 0; i < 50; i++) await turn();
    if (this.how === "exit") process.reallyExit(9);
    if (this.how === "spin") for (;;);
    if (this.how === "hoard") { const kept = []; for (;;) kept.push({ n: kept.length }); }
    await new Promise(() => {});
  }
}
Reflect.defineMetadata(P, new Set(["how"]), Trouble);
export class Calls extends Flow {
  run() {
    return Promise.all(this.steps.map(([task, params, options]) =>
      this.attempt({ Meet, Hold, Release, Trouble, Hog }[task], params, options, $site("Calls.run#" + task + "@x"))));
  }
}
Reflect.defineMetadata(P, new Set(["steps"]), Calls);
`;

type Call = readonly [task: "Meet" | "Hold" | "Release" | "Trouble" | "Hog", params: object, options?: object];

let project: TestProject;
beforeAll(async () => {
  const anything = { properties: { n: {}, turns: {}, line: {}, times: {}, how: {}, steps: {}, slices: {}, ms: {} } };
  const loose = { params: anything };
  project = await handProject({
    module: MODULE,
    tasks: { Meet: loose, Hold: loose, Release: loose, Trouble: loose, Hog: loose },
    flows: { Calls: loose },
  });
});
afterAll(() => project.remove());

interface End {
  readonly status: string;
  readonly value?: { readonly thread: number; readonly before: number; readonly most: number };
  readonly error?: Error & { readonly code?: string };
}

/** Runs the calls at once in an engine of two threads; gives how each ended, and how often each began. */
async function ends(steps: readonly Call[], threads = 2): Promise<{ ends: End[]; begun: number[] }> {
  const began = new Map<string, number>();
  const engine = await openEngine({
    cwd: project.root,
    store: memoryStore(),
    threads,
    observers: [
      {
        name: "counter",
        on: (event) => {
          if (event.type === "step-running") began.set(event.step.key, (began.get(event.step.key) ?? 0) + 1);
        },
      },
    ],
  });
  try {
    const run = engine.start("Calls", { steps });
    const all = (await run.result()) as End[];
    const counts = new Map<string, number>();
    const begun = steps.map(([task]) => {
      const ordinal = counts.get(task) ?? 0;
      counts.set(task, ordinal + 1);
      return began.get(`Calls/Calls.run#${task}@x/${ordinal}`) ?? 0;
    });
    return { ends: all, begun };
  } finally {
    await engine.close();
  }
}

const io = { io: true } as const;
const threadsOf = (all: readonly End[]): Set<number | undefined> => new Set(all.map(({ value }) => value?.thread));

it("light steps share one thread, up to 64 together", async () => {
  const { ends: all } = await ends(
    Array.from({ length: 100 }, (_, i): Call => ["Meet", { n: i < 64 ? 64 : 1 }, io]),
    1,
  );
  expect(all.map(({ status }) => status)).toEqual(Array(100).fill("succeeded"));
  expect(threadsOf(all.slice(0, 64)).size).toBe(1);
  expect(Math.max(...all.map(({ value }) => value?.most ?? 0))).toBe(64);
});

it("more than 64 fill another thread", async () => {
  const { ends: all } = await ends(Array.from({ length: 128 }, (): Call => ["Meet", { n: 64 }, io]));
  expect(all.map(({ status }) => status)).toEqual(Array(128).fill("succeeded"));
  expect(threadsOf(all).size).toBe(2);
});

it("light steps of a task that holds its thread get threads to themselves once that is known, and the run names it", async () => {
  const engine = await openEngine({ cwd: project.root, store: memoryStore(), threads: 2, observers: [] });
  try {
    const hog = (count: number): { steps: Call[] } => ({
      steps: Array.from({ length: count }, (): Call => ["Hog", { slices: 4, ms: 90 }, io]),
    });
    await engine.start("Calls", hog(1)).result();
    const run = engine.start("Calls", hog(4));
    const warnings: RunEvent[] = [];
    for await (const event of run.events()) {
      if (event.type === "warning" && event.code === "held-shared-thread") warnings.push(event);
    }
    const all = (await run.result()) as End[];
    expect(all.map(({ value }) => value?.most)).toEqual([1, 1, 1, 1]);
    expect(warnings).toMatchObject([
      {
        code: "held-shared-thread",
        message: expect.stringMatching(/^Hog has the option io and computed for \d+ ms at a stretch/),
        hint: expect.stringContaining("io: false"),
      },
    ]);
  } finally {
    await engine.close();
  }
});

it("a number bounds how many of a task are together", async () => {
  const { ends: all } = await ends(Array.from({ length: 12 }, (): Call => ["Meet", { n: 1 }, { io: 3 }]));
  expect(Math.max(...all.map(({ value }) => value?.most ?? 0))).toBe(3);
});

it.each([
  { full: "plain", threads: 1, holds: 2, options: {}, others: io },
  // Where other work takes the processor, one of them may seem to hold its thread, and then takes a plain one.
  { full: "light", threads: 2, holds: 129, options: io, others: {} },
])("steps of another kind go by while $full ones find no room", async ({ threads, holds, options, others }) => {
  // More than there is room for, so that the last waits first in line; they end when one of the other kind says so.
  const held = Array.from({ length: holds }, (): Call => ["Hold", { line: "held" }, options]);
  const { ends: all } = await ends(
    [...held, ["Release", { line: "held", times: holds }, { ...others, priority: -1 }]],
    threads,
  );
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set(["succeeded"]));
});

it("a thread that dies takes nobody along but the one who ended it", async () => {
  const steps: Call[] = [
    ["Trouble", { how: "exit" }, io],
    ...Array.from({ length: 5 }, (): Call => ["Meet", { n: 1, turns: 500 }, io]),
  ];
  const { ends: all, begun } = await ends(steps);
  expect(all[0]).toMatchObject({ status: "failed", error: { code: "thread-lost" } });
  expect(all[0]?.error?.message).toContain("Trouble");
  expect(all.slice(1).map(({ status }) => status)).toEqual(Array(5).fill("succeeded"));
  // All of them begin again, each alone in its thread, which shows who it was.
  expect(begun).toEqual(Array(6).fill(2));
});

it("a step that stands ready in threads which others end is not to blame", async () => {
  const engine = await openEngine({ cwd: project.root, store: memoryStore(), threads: 1, observers: [] });
  try {
    const call = (steps: readonly Call[]) => engine.start("Calls", { steps }).result() as Promise<End[]>;
    const [exit, meet]: Call[] = [
      ["Trouble", { how: "exit" }],
      ["Meet", { n: 0 }],
    ];
    // How long both take is known from here on.
    await call([exit, meet] as Call[]);
    const all = await call([exit, meet, exit, exit, exit] as Call[]);
    const lost = { status: "failed", error: { code: "thread-lost" } };
    expect(all).toMatchObject([lost, { status: "succeeded" }, lost, lost, lost]);
  } finally {
    await engine.close();
  }
});

it("a light step that blocks its thread beyond its time ends alone, and its neighbours run again", async () => {
  const steps: Call[] = [
    ["Trouble", { how: "spin" }, { io: true, timeout: 300, grace: 100 }],
    ...Array.from({ length: 3 }, (): Call => ["Meet", { n: 1, turns: 500 }, { io: true, timeout: "1h" }]),
  ];
  const { ends: all } = await ends(steps);
  expect(all[0]).toMatchObject({ status: "failed", error: { code: "step-timeout" } });
  expect(all.slice(1).map(({ status }) => status)).toEqual(Array(3).fill("succeeded"));
});

it("one that ignores its signal is abandoned: the others in its thread go on, new ones get another thread", async () => {
  const steps: Call[] = [
    ["Trouble", { how: "hang" }, { io: true, timeout: 100, grace: 50 }],
    ["Hold", { line: "late" }, io],
  ];
  const engine = await openEngine({ cwd: project.root, store: memoryStore(), threads: 1, observers: [] });
  const first = engine.start("Calls", { steps });
  for await (const event of first.events()) if (event.type === "step-settled" && event.step.task === "Trouble") break;
  const second = engine.start("Calls", { steps: [["Release", { line: "late", times: 1 }, io]] });
  const [released] = (await second.result()) as { value: number }[];
  const [abandoned, held] = (await first.result()) as { status: string; value?: number; error?: Error }[];
  expect(abandoned?.error?.message).toMatch(/did not stop within its grace of 50 ms; it was abandoned and still runs/);
  expect(held).toMatchObject({ status: "succeeded" });
  expect(held?.value).not.toBe(released?.value);
  await engine.close();
});

it("an isolated step gets a thread that nobody has used, and nobody gets it after", async () => {
  const { ends: all } = await ends([
    ...Array.from({ length: 4 }, (): Call => ["Meet", { n: 1 }, { isolate: true }]),
    ...Array.from({ length: 4 }, (): Call => ["Meet", { n: 1 }]),
  ]);
  const isolated = all.slice(0, 4);
  expect(isolated.map(({ value }) => value?.before)).toEqual([0, 0, 0, 0]);
  expect(threadsOf(isolated).size).toBe(4);
  for (const thread of threadsOf(all.slice(4))) expect(threadsOf(isolated)).not.toContain(thread);
});

it("a step beyond its own heap limit fails alone", async () => {
  const { ends: all } = await ends([
    ["Trouble", { how: "hoard" }, { memory: 40 }],
    ["Meet", { n: 1 }, { memory: 40 }],
    ["Meet", { n: 1 }],
  ]);
  expect(all).toMatchObject([
    { status: "failed", error: { code: "out-of-memory" } },
    { status: "succeeded" },
    { status: "succeeded" },
  ]);
});
