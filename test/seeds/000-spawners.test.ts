/**
 * The first ancestor's backends: a class with `spawn`, and a loop beside it. Scenarios 1 to 3 of what a system has to do that honours it;
 * there a backend that raises may halt the engine, here a job that fails is a failed job.
 */
import type { JobGraph, JobNode } from "@millrace/core";
import type { SpawnedJob, Spawner } from "@millrace/runtime";
import { EventLog, openTestEngine, seededRandom, type TestEngineOptions } from "@millrace/testing";
import { describe, expect, it } from "vitest";

const echo = (id: string, more: Partial<JobNode> = {}): JobNode => ({ id, run: { shell: `echo ${id}` }, ...more });
const graphOf = (nodes: readonly JobNode[]): JobGraph => ({ version: 1, nodes, edges: [] });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function outcomeOf(commands: Spawner, nodes: readonly JobNode[], more: TestEngineOptions = {}) {
  await using engine = await openTestEngine({ commands, ...more });
  return await engine.start(graphOf(nodes)).outcome();
}

describe("1. a class with `spawn` alone", () => {
  it("completes every job for which it returns 0", async () => {
    const seen: string[] = [];
    class Backend {
      async spawn({ node, command }: SpawnedJob) {
        seen.push(`${node}: ${command?.command}`);
        return 0;
      }
    }
    const outcome = await outcomeOf(new Backend(), [echo("a"), echo("b")]);
    expect(outcome).toMatchObject({ status: "succeeded", value: { a: { code: 0 }, b: { code: 0 } } });
    expect(seen).toEqual(["a: echo a", "b: echo b"]);
  });

  it("fails the job for which it returns 3 or throws, with the code or the error on record, and that job alone", async () => {
    class Backend {
      async spawn({ node }: SpawnedJob) {
        if (node === "three") return 3;
        if (node === "uhoh") throw new RangeError("uhoh...");
        return 0;
      }
    }
    const nodes = ["three", "uhoh", "fine"].map((id) => echo(id, { critical: false }));
    const log = new EventLog();
    const outcome = await outcomeOf(new Backend(), nodes, { observers: [log] });
    expect(outcome).toMatchObject({ status: "succeeded", value: { fine: { code: 0 } } });
    const failed = log.of("step-settled").filter(({ state }) => state === "failed");
    expect(failed.map(({ step, error }) => [step.node, error?.name, error?.message])).toEqual([
      ["three", "MillraceError", "The command of three ended with code 3."],
      ["uhoh", "RangeError", "uhoh..."],
    ]);
  });

  it("says so if it returns no code for a command", async () => {
    const outcome = await outcomeOf({ spawn: async () => "done" }, [echo("a")]);
    expect(outcome).toMatchObject({ status: "failed", error: { cause: { code: "command-failed" } } });
  });
});

describe("2. a loop beside the jobs", () => {
  for (const [manner, heeds] of [
    ["heeds its signal", true],
    ["does not", false],
  ] as const) {
    it(`is told to end when the engine is closed, and ${manner}: nothing is left that nobody catches`, async () => {
      let beats = 0;
      let told = false;
      const spawner: Spawner = {
        async background(signal) {
          signal.addEventListener("abort", () => {
            told = true;
          });
          while (!(heeds && signal.aborted) && beats < 1_000_000) {
            beats += 1;
            await turn();
          }
          throw new Error("cut short");
        },
        async spawn() {
          while (beats < 3) await turn();
          return 0;
        },
      };
      expect(await outcomeOf(spawner, [echo("a")])).toMatchObject({ status: "succeeded" });
      expect(told).toBe(true);
      beats = 1_000_000;
      await turn();
      await turn();
    });
  }

  it("does not begin before the first job, and not twice", async () => {
    let begun = 0;
    const spawner: Spawner = {
      async background() {
        begun += 1;
      },
      spawn: () => 0,
    };
    await using engine = await openTestEngine({ commands: spawner });
    await turn();
    expect(begun).toBe(0);
    await engine.start(graphOf([echo("a"), echo("b")])).result();
    await engine.start(graphOf([echo("a")])).result();
    expect(begun).toBe(1);
  });

  it("that fails takes the place with it: the run stops, nothing is failed, and says why", async () => {
    const spawner: Spawner = {
      async background() {
        throw new Error("the cluster is gone");
      },
      spawn: (_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(0))),
    };
    const outcome = await outcomeOf(spawner, [echo("a"), echo("b")]);
    expect(outcome).toMatchObject({ status: "suspended", message: expect.stringContaining("the cluster is gone") });
  });

  it("begins again with the next job, once the place is there", async () => {
    let isThere = false;
    let tell = (): void => {};
    const spawner: Spawner = {
      async background(signal) {
        if (!isThere) throw new Error("the cluster is gone");
        while (!signal.aborted) {
          tell();
          await turn();
        }
      },
      spawn: () =>
        new Promise((resolve) => {
          tell = () => resolve(0);
        }),
    };
    await using engine = await openTestEngine({ commands: spawner });
    expect(await engine.start(graphOf([echo("a")]), { id: "again" }).outcome()).toMatchObject({ status: "suspended" });
    isThere = true;
    expect(await (await engine.resume("again")).outcome()).toMatchObject({ status: "succeeded" });
  });
});

describe("3. a backend that fails at random", () => {
  /** The ancestor's example: `failure_rate=0.5, max_concurrency=2`. */
  class Unreliable {
    readonly maxConcurrency = 2;
    readonly #random = seededRandom(11);
    most = 0;
    #running = 0;

    async spawn(): Promise<number> {
      this.most = Math.max(this.most, ++this.#running);
      for (let turns = 1 + Math.floor(this.#random() * 3); turns > 0; turns--) await turn();
      this.#running -= 1;
      if (this.#random() < 0.5) throw new Error("uhoh...");
      return 0;
    }
  }

  async function hundred() {
    const backend = new Unreliable();
    const log = new EventLog();
    const nodes = Array.from({ length: 100 }, (_, i) => echo(`n${i}`));
    // Each waits for one before it, so that some are skipped.
    const edges = nodes.slice(50).map(({ id }, i) => ({ from: `n${i}`, to: id }));
    await using engine = await openTestEngine({ commands: backend, observers: [log] });
    const { status } = await engine.start({ version: 1, nodes, edges }).outcome();
    const states = log.of("step-settled").map(({ step, state }) => `${step.node} ${state}`);
    return { status, most: backend.most, states: states.sort() };
  }

  it("never has more than two in flight; each job ends; the same seed gives the same outcome", async () => {
    const first = await hundred();
    expect(first).toMatchObject({ status: "failed", most: 2 });
    expect(first.states).toHaveLength(100);
    expect(first.states.filter((line) => /failed|skipped/.test(line)).length).toBeGreaterThan(20);
    expect(await hundred()).toEqual(first);
  });
});
