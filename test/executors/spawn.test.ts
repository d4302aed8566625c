/** The executor of a spawner, lane by lane: order, taking back, stopping, and what is left when it is closed. */
import type { AbortReason } from "@millrace/core";
import { type SpawnedJob, type Spawner, spawnExecutor } from "@millrace/runtime";
import { ManualClock } from "@millrace/testing";
import { errorOf, jobFor, LaneRecorder, resultOf, type Settled } from "@millrace/testing/conformance";
import { describe, expect, it } from "vitest";

const CANCEL: AbortReason = { kind: "cancel", message: "Somebody cancelled it." };
const settledAs = (id: number) => (event: { readonly type: string; readonly id?: number }) =>
  event.type === "settled" && event.id === id;

/** A spawner whose jobs the test ends. */
function held() {
  const jobs: { readonly job: SpawnedJob; readonly signal: AbortSignal; end(value: unknown): void }[] = [];
  const waiters: (() => void)[] = [];
  const spawner: Spawner = {
    spawn: (job, signal) =>
      new Promise((end) => {
        jobs.push({ job, signal, end });
        for (const tell of waiters.splice(0)) tell();
      }),
  };
  const begun = async (n: number) => {
    while (jobs.length < n) await new Promise<void>((resolve) => waiters.push(resolve));
    const last = jobs[n - 1];
    if (!last) throw new Error("unreachable");
    return last;
  };
  return { spawner, begun, jobs };
}

describe("a spawner's executor", () => {
  it("runs the jobs of a lane one after the other, with what there is to know of them", async () => {
    const { spawner, begun, jobs } = held();
    const executor = spawnExecutor(spawner);
    const recorder = new LaneRecorder(executor);
    const [first, second] = [jobFor("Double", { n: 1 }, { attempt: 2, attempts: 3 }), jobFor("Double", { n: 2 })];
    recorder.lane.push([first, second]);
    const one = await begun(1);
    expect(one.job).toMatchObject({ task: "Double", params: { n: 1 }, attempt: 2, attempts: 3, command: undefined });
    expect(jobs).toHaveLength(1);
    one.job.log("info", "half way");
    one.job.progress(0.5, "half");
    one.end({ doubled: 2 });
    (await begun(2)).end(undefined);
    const settled = (await recorder.until(settledAs(second.id))) as Settled;
    expect(resultOf(settled.outcome)).toBeUndefined();
    expect(recorder.events.map(({ type }) => type)).toEqual([
      "claimed",
      "log",
      "progress",
      "settled",
      "claimed",
      "settled",
    ]);
    expect(resultOf((recorder.events.find(settledAs(first.id)) as Settled).outcome)).toEqual({ doubled: 2 });
    // Of an attempt that is over nothing is heard.
    one.job.log("info", "late");
    await recorder.lane.close();
    expect(recorder.events.filter(({ type }) => type === "log")).toHaveLength(1);
    await executor.close();
  });

  it("takes back what has not begun, and ends what waits at once", async () => {
    const { spawner, begun } = held();
    const executor = spawnExecutor(spawner);
    const recorder = new LaneRecorder(executor);
    const [runs, revoked, aborted] = [jobFor("A"), jobFor("B"), jobFor("C")];
    recorder.lane.push([runs, revoked, aborted]);
    const { end } = await begun(1);
    recorder.lane.revoke([runs.id, revoked.id]);
    recorder.lane.abort(aborted.id, CANCEL);
    const settled = (await recorder.until(settledAs(aborted.id))) as Settled;
    expect(settled.outcome.type).toBe("aborted");
    expect(recorder.events).toContainEqual({ type: "returned", ids: [revoked.id], reason: "revoked" });
    end(0);
    await recorder.until(settledAs(runs.id));
    await executor.close();
  });

  it("tells a job to stop, then to be killed, then leaves it behind: each in its time", async () => {
    const { spawner, begun } = held();
    const clock = new ManualClock();
    const executor = spawnExecutor(spawner, { clock });
    const recorder = new LaneRecorder(executor);
    const deaf = jobFor("Deaf", {}, { graceMs: 1_000 });
    recorder.lane.push([deaf]);
    const { job, signal } = await begun(1);
    recorder.lane.abort(deaf.id, { kind: "timeout", message: "Its time was up." });
    expect([signal.aborted, job.kill.aborted]).toEqual([true, false]);
    expect(signal.reason).toMatchObject({ code: "step-timeout" });
    await clock.advance(1_000);
    expect(job.kill.aborted).toBe(true);
    await clock.advance(2_000);
    const { outcome } = (await recorder.until(settledAs(deaf.id))) as Settled;
    expect(outcome.type).toBe("failed");
    expect(errorOf(outcome).message).toContain("it was abandoned and still runs");
    // The lane goes on.
    const next = jobFor("Next");
    recorder.lane.push([next]);
    (await begun(2)).end(1);
    await recorder.until(settledAs(next.id));
    await executor.close();
  });

  it("gives back what it has when it is closed, and kills what runs", async () => {
    const { spawner, begun } = held();
    const executor = spawnExecutor(spawner);
    const recorder = new LaneRecorder(executor);
    const [runs, waits] = [jobFor("A"), jobFor("B")];
    recorder.lane.push([runs, waits]);
    const { job, signal } = await begun(1);
    await executor.close();
    expect([signal.aborted, job.kill.aborted]).toEqual([true, true]);
    await recorder.until(({ type }) => type === "returned");
    expect(recorder.events.at(-1)).toEqual({ type: "returned", ids: [runs.id, waits.id], reason: "thread-lost" });
  });

  it("fails a job whose result cannot be sent, with its path", async () => {
    const executor = spawnExecutor({ spawn: () => ({ deep: { fn: () => 1 } }) });
    const recorder = new LaneRecorder(executor);
    const job = jobFor("A");
    recorder.lane.push([job]);
    const { outcome } = (await recorder.until(settledAs(job.id))) as Settled;
    expect(errorOf(outcome)).toMatchObject({ code: "value-not-sendable", message: expect.stringContaining("deep.fn") });
    await executor.close();
  });
});
