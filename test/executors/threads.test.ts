/** What only threads can do: be killed, die, be rebuilt, and let the process go. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AbortReason, Executor, Job } from "@millrace/core";
import { type ThreadOptions, threadExecutor } from "@millrace/runtime";
import { startCommand } from "@millrace/testing";
import { errorOf, executorConformance, jobFor, LaneRecorder, resultOf } from "@millrace/testing/conformance";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

executorConformance("threads", () => threadExecutor({ threads: 2 }));

const TIMEOUT: AbortReason = { kind: "timeout", message: "Its time was up." };
const CANCEL: AbortReason = { kind: "cancel", message: "Cancelled by hand." };

const fixture = (name: string): string => new URL(`fixtures/${name}`, import.meta.url).href;

/** A job for a task that only a thread can survive. */
const threadJob = (exportName: string, params: object = {}, more: Partial<Job> = {}): Job =>
  jobFor(exportName, params, { module: fixture("thread-tasks.mjs"), ...more });

let executor: Executor | undefined;
const open = (options: ThreadOptions = {}): LaneRecorder => {
  executor = threadExecutor({ threads: 1, ...options });
  return new LaneRecorder(executor);
};
afterEach(async () => {
  await executor?.close();
  // Also those that were killed on the way, or died.
  expect(livingThreads()).toBe(0);
});

/** Worker threads of this process, as Node itself counts them. */
function livingThreads(): number {
  // Typed as object; `workers` is in the documented format of the report.
  return (process.report.getReport() as { readonly workers: readonly unknown[] }).workers.length;
}

/** The next word on a broadcast channel. */
const word = async (channel: string): Promise<void> => {
  const home = new BroadcastChannel(channel);
  await new Promise((resolve) => {
    home.onmessage = resolve;
  });
  home.close();
};

describe("an endless loop", () => {
  it.each([
    [TIMEOUT, "failed", "step-timeout"],
    [CANCEL, "aborted", "step-aborted"],
  ])("is ended after its grace; neighbours are returned and the lane works on (%o)", async (reason, type, code) => {
    const recorder = open();
    const spin = threadJob("Spin", { channel: "spin-1" }, { graceMs: 50, timeoutMs: 1 });
    const neighbours = [jobFor("Noop"), jobFor("Noop")];
    const spinning = word("spin-1");
    recorder.lane.push([spin, ...neighbours]);
    await spinning;
    recorder.lane.abort(spin.id, reason);
    const { outcome } = await recorder.settled(spin);
    expect([outcome.type, errorOf(outcome).code]).toEqual([type, code]);
    expect(errorOf(outcome).message).toMatch(/did not stop within its grace of 50 ms; its thread was ended/);
    await recorder.until((event) => event.type === "returned");
    expect(recorder.returned("thread-lost")).toEqual(neighbours.map((job) => job.id));
    const outcomes = await recorder.run(...neighbours.map(({ id, ...job }) => ({ ...job, id: id + 100_000 })));
    expect(outcomes.map((o) => o.type)).toEqual(["succeeded", "succeeded"]);
  });

  // Again, since a thread that was kept waiting by other processes takes the task for long, and announces it.
  it("is found and ended although its thread never announced it", { retry: 3 }, async () => {
    const recorder = open();
    await recorder.run(...Array.from({ length: 50 }, () => threadJob("Spin")));
    const spin = threadJob("Spin", { channel: "spin-2" }, { graceMs: 50 });
    const spinning = word("spin-2");
    recorder.lane.push([spin]);
    await spinning;
    expect(recorder.types(spin)).toEqual([]);
    recorder.lane.abort(spin.id, TIMEOUT);
    const { outcome } = await recorder.settled(spin);
    expect(errorOf(outcome).code).toBe("step-timeout");
    expect(recorder.types(spin)).toEqual(["claimed", "settled"]);
  });
});

describe("a thread that dies", () => {
  it("by its heap limit fails the step that did it, by name, and returns the others", async () => {
    const recorder = open({ resourceLimits: { maxOldGenerationSizeMb: 32 } });
    const [before, guilty, after] = [jobFor("Noop"), threadJob("OutOfMemory"), jobFor("Noop")];
    recorder.lane.push([before, guilty, after]);
    const { outcome } = await recorder.settled(guilty);
    expect(errorOf(outcome).code).toBe("out-of-memory");
    expect(errorOf(outcome).message).toContain("Task OutOfMemory");
    expect((await recorder.settled(before)).outcome.type).toBe("succeeded");
    await recorder.until((event) => event.type === "returned");
    expect(recorder.returned("thread-lost")).toEqual([after.id]);
    expect((await recorder.run(jobFor("Noop")))[0]?.type).toBe("succeeded");
  });

  it("by native means fails the step that it was in", async () => {
    const recorder = open();
    const [guilty, after] = [threadJob("RealExit"), jobFor("Noop")];
    recorder.lane.push([guilty, after]);
    expect(errorOf((await recorder.settled(guilty)).outcome).code).toBe("thread-lost");
    await recorder.until((event) => event.type === "returned");
    expect(recorder.returned("thread-lost")).toEqual([after.id]);
    expect((await recorder.run(jobFor("Noop")))[0]?.type).toBe("succeeded");
  });
});

describe("an error that nobody catches", () => {
  it.each(["throw", "reject"])("fails the step while it runs (%s)", async (how) => {
    const recorder = open();
    const [outcome] = await recorder.run(threadJob("Stray", { how, when: "during" }));
    expect(outcome?.type).toBe("failed");
    expect(errorOf(outcome).message).toBe(`${how} during`);
    expect((await recorder.run(jobFor("Noop")))[0]?.type).toBe("succeeded");
  });

  it.each(["throw", "reject"])("is a line of the step's log after it, and the thread lives (%s)", async (how) => {
    const recorder = open();
    const stray = threadJob("Stray", { how, when: "after" });
    const wait = jobFor("Wait");
    recorder.lane.push([stray, wait]);
    const line = await recorder.until((event) => event.type === "log" && event.id === stray.id);
    expect(line).toMatchObject({ level: "error" });
    expect(recorder.lines(stray)[0]).toMatch(new RegExp(`left behind by Stray \\(step .*\\): Error: ${how} after`));
    expect(resultOf((await recorder.settled(stray)).outcome)).toBe("settled");
    await recorder.line(wait, "started");
    expect(recorder.types(wait)).not.toContain("settled");
  });
});

describe("the start of a thread", () => {
  it("counts inside the attempt if the module never finishes loading: an abort ends it", async () => {
    const recorder = open();
    const never = jobFor("Never", {}, { module: fixture("never-loads.mjs"), timeoutMs: 1, graceMs: 50 });
    recorder.lane.push([never]);
    await recorder.until((event) => event.type === "claimed");
    recorder.lane.abort(never.id, TIMEOUT);
    expect(errorOf((await recorder.settled(never)).outcome).code).toBe("step-timeout");
    expect((await recorder.run(jobFor("Noop")))[0]?.type).toBe("succeeded");
  });

  it("that gives no sign is tried on four pools, then the lane is broken and gives back every job", async () => {
    const recorder = open({
      entry: fixture("silent-entry.mjs"),
      startTimeoutMs: 100,
    });
    const job = jobFor("Noop");
    recorder.lane.push([job]);
    const broken = await recorder.until((event) => event.type === "broken");
    expect(broken).toMatchObject({ error: { code: "thread-start-failed" } });
    expect(recorder.types(job)).toEqual(["returned"]);
    const late = jobFor("Noop");
    recorder.lane.push([late]);
    await recorder.until((event) => event.type === "returned" && event.ids.includes(late.id));
    expect(recorder.types(late)).toEqual(["returned"]);
  });

  it("that dies at once is noticed before the start timeout", async () => {
    const recorder = open({ entry: "file:///not/there.mjs", startTimeoutMs: 1_000_000 });
    recorder.lane.push([jobFor("Noop")]);
    const broken = await recorder.until((event) => event.type === "broken");
    expect(broken).toMatchObject({ error: { code: "thread-start-failed" } });
  });

  it("leaves jobs that are revoked before it alone", async () => {
    const recorder = open();
    const [revoked, aborted, kept] = [jobFor("Noop"), jobFor("Noop"), jobFor("Noop")];
    recorder.lane.push([revoked, aborted, kept]);
    recorder.lane.revoke([revoked.id]);
    recorder.lane.abort(aborted.id, CANCEL);
    await recorder.settled(kept);
    expect(recorder.types(revoked)).toEqual(["returned"]);
    expect(recorder.types(aborted)).toEqual(["settled"]);
  });
});

describe("a storm of deaths", () => {
  it("settles every job exactly once, blames nobody but the culprits, and leaves the lanes usable", async () => {
    let state = 7;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    executor = threadExecutor({ threads: 2, idleMs: 0 });
    const lanes = [new LaneRecorder(executor), new LaneRecorder(executor)];
    const killers = [
      () => threadJob("RealExit"),
      () => threadJob("Stray", { how: "throw", when: "during" }),
      () => threadJob("Stray", { how: "reject", when: "during" }),
      () => jobFor("Exits", { caught: true }),
      () => jobFor("Deaf", {}, { graceMs: 5 }),
    ];
    const jobs = Array.from({ length: 200 }, (_, i) =>
      i % 20 === 7 ? (killers[((i / 20) % killers.length) | 0]?.() ?? jobFor("Noop")) : jobFor("Noop"),
    );
    for (let i = 0; i < jobs.length; ) {
      const batch = jobs.slice(i, i + 1 + Math.floor(random() * 15));
      i += batch.length;
      lanes[random() < 0.5 ? 0 : 1]?.lane.push(batch);
      if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
    }
    const byId = new Map(jobs.map((job) => [job.id, job]));
    // The engine's part: what comes back goes out again, what does not end by itself is told to.
    const serve = async (recorder: LaneRecorder, other: LaneRecorder): Promise<void> => {
      for (let next = 0; ; next++) {
        await recorder.until(() => recorder.events.length > next);
        const event = recorder.events[next];
        if (event?.type === "returned") {
          other.lane.push(event.ids.flatMap((id) => byId.get(id) ?? []));
        } else if (event?.type === "log" && byId.get(event.id)?.exportName === "Deaf") {
          recorder.lane.abort(event.id, TIMEOUT);
        }
      }
    };
    const [a, b] = lanes as [LaneRecorder, LaneRecorder];
    void serve(a, b);
    void serve(b, a);
    const settled = await Promise.all(jobs.map((job) => Promise.race([a.settled(job), b.settled(job)])));
    for (const [i, job] of jobs.entries()) {
      expect([job.exportName, settled[i]?.outcome.type]).toEqual([
        job.exportName,
        job.exportName === "Noop" ? "succeeded" : "failed",
      ]);
    }
    const ends = lanes.flatMap((lane) => lane.events.filter((event) => event.type === "settled"));
    expect(ends).toHaveLength(jobs.length);
    for (const lane of lanes) expect((await lane.run(jobFor("Noop")))[0]?.type).toBe("succeeded");
  });
});

describe("the end", () => {
  it("of the executor takes its warm threads along", async () => {
    const recorder = open();
    await recorder.run(jobFor("Noop"));
    expect(livingThreads()).toBe(1);
  });

  it("of the executor comes although a step spins", async () => {
    const recorder = open({ threads: 2 });
    const other = new LaneRecorder(executor as Executor);
    const spinning = word("spin-3");
    recorder.lane.push([threadJob("Spin", { channel: "spin-3" }), jobFor("Noop")]);
    await spinning;
    await other.run(jobFor("Noop"));
    await executor?.close();
    await recorder.until((event) => event.type === "returned");
    expect(recorder.returned("thread-lost")).toHaveLength(2);
  });

  it("of an idle channel is no end of the lane", async () => {
    const recorder = open({ idleMs: 0 });
    for (let turn = 0; turn < 20; turn++) {
      expect((await recorder.run(jobFor("Noop")))[0]?.type).toBe("succeeded");
      for (let i = 0; i < turn; i++) await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it("of the process comes by itself with warm threads", async () => {
    const script = fileURLToPath(new URL("fixtures/warm-threads.mjs", import.meta.url));
    const ended = await startCommand({ command: process.execPath, args: [script] }).done;
    expect(ended).toMatchObject({ code: 0, stdout: "succeeded\n", stderr: "" });
  });
});

describe("a lane that is warmed", () => {
  it("starts its thread, says nothing, and gives the thread to the job that comes", async () => {
    const recorder = open({ threads: 2 });
    recorder.lane.warm?.();
    while (livingThreads() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await recorder.run(jobFor("Noop")))[0]?.type).toBe("succeeded");
    expect(livingThreads()).toBe(1);
    expect(recorder.events.map(({ type }) => type)).toEqual(["claimed", "settled"]);
  });

  it("works on if no job comes until its channel has closed", async () => {
    const recorder = open({ idleMs: 0 });
    for (let turn = 0; turn < 20; turn++) {
      recorder.lane.warm?.();
      for (let i = 0; i < turn; i++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await recorder.run(jobFor("Noop")))[0]?.type).toBe("succeeded");
  });

  it("closes while its thread is coming up", async () => {
    const recorder = open();
    recorder.lane.warm?.();
    await recorder.lane.close();
    recorder.lane.warm?.();
    expect(recorder.events).toEqual([]);
  });

  it("lets the process go without a job", async () => {
    const script = fileURLToPath(new URL("fixtures/warmed-in-vain.mjs", import.meta.url));
    const ended = await startCommand({ command: process.execPath, args: [script] }).done;
    expect(ended).toMatchObject({ code: 0, stdout: "warmed\n", stderr: "" });
  });

  it("shows with the first job that its thread does not start", async () => {
    const recorder = open({ entry: "data:text/javascript,throw new Error('no')" });
    recorder.lane.warm?.();
    recorder.lane.push([jobFor("Noop")]);
    await recorder.until((event) => event.type === "broken");
    expect(recorder.events.map(({ type }) => type)).toEqual(["returned", "broken"]);
  });
});

describe("resources", () => {
  const hold = (file: string): Job => jobFor("Hold", { file }, { module: fixture("holding-tasks.mjs") });
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-held-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([true, false])(
    "are closed by threads whose channels are closed (%s) when the executor closes",
    async (idle) => {
      const own = threadExecutor({ threads: 3 });
      const recorders = Array.from({ length: 3 }, () => new LaneRecorder(own));
      const file = join(folder, "journal");
      await Promise.all(
        recorders.map(async (recorder) => {
          const job = hold(file);
          recorder.lane.push([job]);
          await recorder.settled(job);
          if (idle) await recorder.lane.close();
        }),
      );
      const opened = readFileSync(file, "utf8").split("\n").filter(Boolean);
      expect(new Set(opened).size).toBe(3);
      await own.close();
      const closed = readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("close"));
      expect(closed.sort()).toEqual(opened.map((line) => line.replace("open", "close")).sort());
    },
  );
});
