/** Resources on real threads: one instance a thread, opened at its first use, closed when the thread ends in order. */
import { existsSync, rmSync } from "node:fs";
import { type Engine, memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { oneModule } from "../compiler/one-module.js";

const SOURCE = `
import { appendFileSync, existsSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { defineFlow, defineTask, Flow, flow, param, resource, Task, task } from "millrace";

const say = (text: string) => appendFileSync(new URL("../journal", import.meta.url), text + " " + threadId + "\\n");

let made = 0;
@resource()
export class Db {
  readonly id = (made += 1);
  rows: string[] | undefined;
  async open() { say("open Db"); await Promise.resolve(); this.rows = []; }
  async insert(row: string) { this.rows!.push(row); return this.rows!.length; }
  async close() { await Promise.resolve(); say("close Db"); }
}
@resource
export class Cache {
  open() { say("open Cache"); }
  close() { say("close Cache"); throw new Error("the cache is stuck"); }
}
/** Fails as long as there is a file of its name. */
@resource()
export class Shaky {
  open() { say("open Shaky"); if (existsSync(new URL("../shaky", import.meta.url))) throw new Error("no route to host"); }
}
class Plain { open() {} }
class Below extends Db {}

@task()
export class Insert extends Task<{ id: number; same: boolean; thread: number }> {
  @param() row!: string;
  async run() {
    const [one, two] = await Promise.all([this.use(Db), this.use(Db)]);
    await one.insert(this.row);
    await this.use(Cache);
    return { id: one.id, same: one === two, thread: threadId };
  }
}
@flow()
export class Inserts extends Flow<unknown[]> {
  @param() rows!: string[];
  run() { return this.map(this.rows, (row) => this.call(Insert, { row })); }
}

@flow()
export class Locals extends Flow<number[]> {
  async run() {
    const one = await this.step("one", async () => (await this.use(Db)).insert("x"));
    const two = await this.step("two", async () => (await this.use(Db)).insert("y"));
    return [one, two];
  }
}

export const Touch = defineTask({ id: "Touch", options: { retry: { attempts: 2 } }, run: async (_: {}, { use, info }) => {
  await use(Shaky);
  return info.attempt;
} });
export const Touches = defineFlow({ id: "Touches", run: (_: {}, flow) => flow.call(Touch) });

export const Wrong = defineTask({ id: "Wrong", run: async ({ below }: { below: boolean }, { use }) => { await use(below ? Below : Plain) } });
export const Wrongs = defineFlow({ id: "Wrongs", run: (p: { below: boolean }, flow) => flow.call(Wrong, p) });

/** Fails its attempt from outside and never ends. */
export const Stray = defineTask({ id: "Stray", run: async (_: {}, { use }) => {
  await use(Db);
  setImmediate(() => { throw new Error("stray"); });
  await new Promise(() => {});
} });
/** Can only be killed. */
export const Spin = defineTask({ id: "Spin", options: { timeout: "50ms", grace: 0 }, run: async (_: {}, { use }) => {
  await use(Db);
  for (;;);
} });
export const After = defineFlow({ id: "After", run: async ({ what }: { what: "Stray" | "Spin" }, flow) => {
  const first = await flow.call(Insert, { row: "first" });
  const end = what === "Stray" ? await flow.attempt(Stray) : await flow.attempt(Spin);
  const next = await flow.call(Insert, { row: "next" });
  return { end: end.status, ids: [first.id, next.id] };
} });
`;

let project: TestProject;
let engine: Engine | undefined;

beforeAll(async () => {
  project = await oneModule(SOURCE);
  const { diagnostics } = await project.build();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});
beforeEach(() => void vi.spyOn(process.stderr, "write").mockReturnValue(true));
afterEach(async () => {
  await engine?.close();
  vi.restoreAllMocks();
  project.write("journal", "");
});
afterAll(() => project?.remove());

async function open(threads: number): Promise<Engine> {
  engine = await openEngine({ cwd: project.root, store: memoryStore(), observers: [], threads });
  return engine;
}

function journal(): readonly string[] {
  return existsSync(project.path("journal")) ? project.read("journal").split("\n").filter(Boolean) : [];
}

/** Lines that begin so, without the thread. */
function said(begin: string): readonly string[] {
  return journal().flatMap((line) => (line.startsWith(begin) ? [line.replace(/ \d+$/, "")] : []));
}

test("a thread has one instance, over steps and runs and idle times; concurrent uses share its opening", async () => {
  const used = await open(1);
  const first = (await used.start("Inserts", { rows: ["a", "b"] }).result()) as object[];
  const second = (await used.start("Inserts", { rows: ["c"] }).result()) as object[];
  const thread = expect.any(Number);
  expect([...first, ...second]).toEqual(Array.from({ length: 3 }, () => ({ id: 1, same: true, thread })));
  expect(said("open")).toEqual(["open Db", "open Cache"]);
  expect(said("close")).toEqual([]);
});

test("closing the engine closes what each thread holds, the newest first, whatever one of them throws", async () => {
  const used = await open(3);
  const rows = Array.from({ length: 30 }, (_, i) => `row ${i}`);
  const results = (await used.start("Inserts", { rows }).result()) as { thread: number }[];
  const threads = [...new Set(results.map(({ thread }) => thread))];
  expect(said("open Db")).toHaveLength(threads.length);
  const told = vi.mocked(process.stderr.write);
  await used.close();
  const stuck = expect.stringMatching(/^The resource Cache could not be closed: Error: the cache is stuck\n/);
  expect(told.mock.calls.map(([text]) => text)).toEqual(threads.map(() => stuck));
  for (const thread of threads) {
    const own = journal().filter((line) => line.endsWith(` ${thread}`));
    expect(own).toEqual(["open Db", "open Cache", "close Cache", "close Db"].map((line) => `${line} ${thread}`));
  }
  expect(journal()).toHaveLength(4 * threads.length);
});

test("the main thread has one for the steps of flows, over runs, and closes it with the engine", async () => {
  const used = await open(1);
  expect(await used.start("Locals").result()).toEqual([1, 2]);
  expect(await used.start("Locals").result()).toEqual([3, 4]);
  expect(journal()).toEqual(["open Db 0"]);
  await used.close();
  expect(journal()).toEqual(["open Db 0", "close Db 0"]);
});

test("a flow's body itself cannot wait for one: the build says so", async () => {
  await using wrong = await oneModule(`
import { defineFlow, resource } from "millrace";
@resource() export class Db { id = 1; }
export const Direct = defineFlow({ id: "Direct", run: async (_: {}, flow) => (await flow.use(Db)).id });
`);
  const { diagnostics } = await wrong.build();
  expect(diagnostics.map(({ code }) => code)).toEqual(["await-not-a-step"]);
});

test("an opening that fails is the attempt's failure, by name and with its cause; the next attempt opens another", async () => {
  project.write("shaky", "");
  const used = await open(1);
  await expect(used.start("Touches").result()).rejects.toMatchObject({
    code: "resource-failed",
    message: "The resource Shaky could not be opened: no route to host",
    data: { resource: "Shaky" },
    cause: expect.objectContaining({ message: "no route to host" }),
  });
  expect(said("open")).toEqual(["open Shaky", "open Shaky"]);
  rmSync(project.path("shaky"));
  expect(await used.start("Touches").result()).toBe(1);
});

test.each([
  [false, "Plain"],
  [true, "Below"],
])("what is declared as no resource is refused by name", async (below, name) => {
  const used = await open(1);
  await expect(used.start("Wrongs", { below }).result()).rejects.toMatchObject({
    code: "flow-misuse",
    message: `this.use was given ${name}, which is no resource.`,
  });
});

test("a thread that is given up although it answers closes what it holds; the next has its own", async () => {
  const used = await open(1);
  expect(await used.start("After", { what: "Stray" }).result()).toEqual({ end: "failed", ids: [1, 1] });
  expect(said("").slice(0, 5)).toEqual(["open Db", "open Cache", "close Cache", "close Db", "open Db"]);
});

test("a thread that is killed closes nothing; the next opens its own", async () => {
  const used = await open(1);
  expect(await used.start("After", { what: "Spin" }).result()).toEqual({ end: "failed", ids: [1, 1] });
  expect(said("")).toEqual(["open Db", "open Cache", "open Db", "open Cache"]);
  await used.close();
  expect(said("close")).toEqual(["close Cache", "close Db"]);
});

/** Tasks whose fingerprints differ after an edit of the source. */
async function invalidatedBy(from: string, to: string): Promise<readonly string[]> {
  expect(SOURCE).toContain(from);
  const hashes = async (): Promise<ReadonlyMap<string, string>> => {
    const { manifest } = await project.check();
    return new Map(Object.values(manifest?.tasks ?? {}).map(({ id, fingerprint }) => [id, fingerprint.hash]));
  };
  const before = await hashes();
  project.write("src/main.ts", SOURCE.replace(from, to));
  const after = await hashes();
  project.write("src/main.ts", SOURCE);
  return [...after].flatMap(([id, hash]) => (before.get(id) === hash ? [] : [id]));
}

const USERS_OF_DB = ["Insert", "Spin", "Stray", "Wrong"]; // Wrong uses a class below it

test.each([
  ["a method", "this.rows!.push(row);", "this.rows!.push(row, row);", ["Insert"]],
  ["its opening", "this.rows = [];", "this.rows = ['x'];", USERS_OF_DB],
  ["its fields", "id = (made += 1)", "id = (made += 2)", USERS_OF_DB],
  ["its closing", 'await Promise.resolve(); say("close Db")', 'say("close Db")', USERS_OF_DB],
])("%s counts for the tasks that use it, and for no others", async (_, from, to, expected) => {
  expect(await invalidatedBy(from, to)).toEqual(expected);
});
