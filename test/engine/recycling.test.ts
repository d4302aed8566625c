/** Threads that hold too much are replaced between steps, and no step pays for it. On real threads. */
import { existsSync, readFileSync } from "node:fs";
import { memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

const MODULE = `
import { appendFileSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { Flow, resource, Task } from "millrace";
import { $site } from "millrace/stamps";
const P = Symbol.for("millrace.params");
const kept = [];
class Db { open() {} close() { appendFileSync(process.env.RECYCLING_CLOSED, threadId + "\\n"); } }
resource()(Db);
export class Leak extends Task {
  async run() {
    if (this.holds) await this.use(Db);
    kept.push(this.how === "heap" ? Array.from({ length: 250_000 }, (_, i) => ({ i })) : Buffer.alloc(10 * 2 ** 20, 1));
    return { thread: threadId, kept: kept.length };
  }
}
Reflect.defineMetadata(P, new Set(["how", "holds", "n"]), Leak);
export class Leaks extends Flow {
  run() {
    return Promise.all(Array.from({ length: this.steps }, (_, n) =>
      this.call(Leak, { how: this.how, holds: this.holds, n }, { io: this.io }, $site("Leaks.run#Leak@x"))));
  }
}
Reflect.defineMetadata(P, new Set(["steps", "how", "holds", "io"]), Leaks);
`;

let project: TestProject;
beforeAll(async () => {
  const loose = { params: { properties: { how: {}, holds: {}, n: {}, steps: {}, io: {} } } };
  project = await handProject({ module: MODULE, tasks: { Leak: loose }, flows: { Leaks: loose } });
  process.env.RECYCLING_CLOSED = project.path("closed");
});
afterAll(() => project.remove());

interface Told {
  readonly thread: number;
  readonly kept: number;
}

async function leak(params: object, recycleMiB?: number): Promise<{ told: Told[]; begun: number; again: number }> {
  let begun = 0;
  let again = 0;
  await using engine = await openEngine({
    cwd: project.root,
    store: memoryStore(),
    threads: 1,
    ...(recycleMiB === undefined ? {} : { recycleMiB }),
    observers: [
      {
        name: "counter",
        on: ({ type }) => {
          if (type === "step-running") begun++;
          if (type === "step-redispatched" || type === "attempt-failed") again++;
        },
      },
    ],
  });
  const told = (await engine
    .start("Leaks", { steps: 12, how: "buffers", holds: false, io: false, ...params })
    .result()) as Told[];
  return { told, begun, again };
}

const threadsOf = (told: readonly Told[]): number => new Set(told.map(({ thread }) => thread)).size;

it.each(["heap", "buffers"])(
  "a task that leaks into %s gets new threads, and each of its steps begins once",
  async (how) => {
    const { told, begun, again } = await leak({ how }, 60);
    expect(threadsOf(told)).toBeGreaterThan(1);
    expect(Math.max(...told.map(({ kept }) => kept))).toBeLessThan(12);
    expect({ begun, again }).toEqual({ begun: 12, again: 0 });
  },
);

it("a thread that stays under its limit is kept", async () => {
  const { told } = await leak({ how: "buffers" });
  expect(threadsOf(told)).toBe(1);
  expect(Math.max(...told.map(({ kept }) => kept))).toBe(12);
});

it("light steps that share the thread end there, and the next begin in another", async () => {
  const { told, begun, again } = await leak({ how: "buffers", io: true, steps: 100 }, 60);
  expect(threadsOf(told)).toBeGreaterThan(1);
  expect({ begun, again }).toEqual({ begun: 100, again: 0 });
});

it("it closes its resources before", async () => {
  const { told } = await leak({ how: "buffers", holds: true }, 60);
  const last = told.at(-1)?.thread;
  const replaced = new Set(told.map(({ thread }) => thread).filter((thread) => thread !== last));
  expect(replaced.size).toBeGreaterThan(0);
  expect(existsSync(project.path("closed"))).toBe(true);
  const closed = readFileSync(project.path("closed"), "utf8").trim().split("\n").map(Number);
  for (const thread of replaced) expect(closed).toContain(thread);
});
