/** Where no thread starts, a run is suspended and says so; nothing is recorded as failed, and it goes on where threads start. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Fact, RunId } from "@millrace/core";
import { memoryStore, openEngine, threadExecutor } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

const MODULE = `
import { Flow, Task } from "millrace";
import { $site } from "millrace/stamps";
export class Work extends Task { run() { return this.info.step; } }
export class Alone extends Task { run() { return this.info.step; } }
export class Wide extends Flow {
  async run() {
    const first = await this.step("first", () => 1, $site("Wide.run#step:first"));
    const all = await Promise.all([1, 2, 3].map((n) => this.call(Work, {}, $site("Wide.run#Work@" + n)).catch(() => "caught")));
    return [first, ...all, await this.call(Alone, {}, $site("Wide.run#Alone"))].length;
  }
}
export class Apart extends Flow {
  async run() {
    return [await this.call(Alone, {}, $site("Apart.run#Alone"))].length;
  }
}
`;

let project: TestProject;
beforeAll(async () => {
  project = await handProject({
    module: MODULE,
    tasks: { Work: {}, Alone: { options: { isolate: true } } },
    flows: { Wide: {}, Apart: {} },
  });
});
afterAll(() => project.remove());

/** Threads that end before they are ready. */
function noThreads() {
  return threadExecutor({ threads: 2, entry: "data:text/javascript,throw new Error('EMFILE')" });
}

const ENTRY = new URL("../../packages/runtime/dist/worker/entry.js", import.meta.url).href;

/** Threads that end before they are ready, until there is a file. */
function threadsFrom(gate: string) {
  project.write(
    "entry.mjs",
    `import { existsSync } from "node:fs";
    if (!existsSync(${JSON.stringify(gate)})) throw new Error("EMFILE");
    const { default: serve } = await import(${JSON.stringify(ENTRY)});
    export default serve;`,
  );
  return threadExecutor({ threads: 2, entry: pathToFileURL(project.path("entry.mjs")).href });
}

describe("a run without threads", () => {
  it("is suspended with the cause, whatever its body would catch, and goes on at once elsewhere", async () => {
    const store = memoryStore();
    const facts = async (): Promise<Fact[]> => {
      const all: Fact[] = [];
      for await (const fact of store.read("wide" as RunId)) all.push(fact);
      return all;
    };
    const executor = noThreads();
    const engine = await openEngine({ cwd: project.root, store, executor, observers: [] });
    const run = engine.start("Wide", {}, { id: "wide" });
    expect(await run.outcome()).toMatchObject({
      status: "suspended",
      reason: "no-threads",
      message: expect.stringMatching(/Work.* cannot run: Worker threads do not start: .*EMFILE.*ulimit/) as string,
      totals: { failed: 0, aborted: 0, succeeded: 1 },
    });
    await expect(run.result()).rejects.toMatchObject({ code: "run-suspended", data: { reason: "no-threads" } });
    expect((await facts()).map(({ kind }) => kind)).toEqual(["run-started", "activation-settled", "run-suspended"]);
    // Another run of this engine does not get any further.
    expect(await engine.start("Wide", {}).outcome()).toMatchObject({ reason: "no-threads" });
    await engine.close();
    await executor.close();

    await using next = await openEngine({
      cwd: project.root,
      store,
      executor: "inline",
      observers: [],
      recover: "auto",
    });
    await expect.poll(async () => (await next.runs()).map(({ state }) => state)).toEqual(["succeeded", "succeeded"]);
    expect((await facts()).filter((fact) => fact.kind === "step-settled" && fact.state !== "succeeded")).toEqual([]);
  });

  it("goes on in the same engine once threads start again, whatever kinds of them had been lost", async () => {
    const gate = project.path("gate");
    const executor = threadsFrom(gate);
    {
      await using engine = await openEngine({ cwd: project.root, store: memoryStore(), executor, observers: [] });
      for (let i = 0; i < 3; i++) {
        expect(await engine.start("Wide", {}, { id: `lost-${i}` }).outcome()).toMatchObject({ reason: "no-threads" });
      }
      // Isolated lanes are lost one after the other: more of them than the executor has at a time.
      for (let i = 0; i < 5; i++) {
        expect(await engine.start("Apart", {}, { id: `apart-${i}` }).outcome()).toMatchObject({ reason: "no-threads" });
      }
      writeFileSync(gate, "");
      expect(await (await engine.resume("lost-0")).result()).toBe(5);
      expect(await (await engine.resume("apart-0")).result()).toBe(1);
      expect(await engine.start("Wide", {}).result()).toBe(5);
    }
    await executor.close();
  });
});
