/** Where no thread starts, a run is suspended and says so; nothing is recorded as failed, and it goes on where threads start. */
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
`;

let project: TestProject;
beforeAll(async () => {
  project = await handProject({
    module: MODULE,
    tasks: { Work: {}, Alone: { options: { isolate: true } } },
    flows: { Wide: {} },
  });
});
afterAll(() => project.remove());

/** Threads that end before they are ready. */
function noThreads() {
  return threadExecutor({ threads: 2, entry: "data:text/javascript,throw new Error('EMFILE')" });
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
});
