/** Taking jobs back, stopping them, and the end of lanes and executors. A part of the executor's suite. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CANCEL, type ExecutorUnderTest, TIMEOUT } from "./executor-under-test.js";
import { errorOf, jobFor, resultOf } from "./lane-recorder.js";

/** Declares this part. */
export function describeStops(subject: ExecutorUnderTest): void {
  describe("abort and revoke", () => {
    it("settle an unclaimed job at once and leave its neighbours alone", async () => {
      const channel = randomUUID();
      const [first, second, third] = [jobFor("Wait", { channel }), jobFor("Hooked"), jobFor("Noop")];
      subject.recorder.lane.push([first, second, third]);
      await subject.recorder.line(first, "started");
      subject.recorder.lane.abort(second.id, TIMEOUT);
      const { outcome } = await subject.recorder.settled(second);
      expect(errorOf(outcome).code).toBe("step-timeout");
      expect(subject.recorder.types(second)).toEqual(["settled"]);
      const home = new BroadcastChannel(channel);
      home.postMessage("go");
      expect(resultOf((await subject.recorder.settled(first)).outcome)).toBe("go");
      home.close();
      expect((await subject.recorder.settled(third)).outcome.type).toBe("succeeded");
      expect(subject.recorder.lines(second)).toEqual([]);
    });

    it("ignore jobs that are unknown or settled", async () => {
      const job = jobFor("Noop");
      await subject.recorder.run(job);
      subject.recorder.lane.abort(job.id, CANCEL);
      subject.recorder.lane.revoke([job.id, 999_999]);
      await subject.recorder.run(jobFor("Noop"));
      expect(subject.recorder.types(job)).toEqual(["claimed", "settled"]);
      expect(subject.recorder.returned()).toEqual([]);
    });

    it("are exact: of 1,000 jobs each runs, or is returned, or is aborted unclaimed, and never two of these", async () => {
      let state = 42;
      const random = (): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
      };
      const jobs = Array.from({ length: 1_000 }, () => jobFor("Hooked"));
      for (let i = 0; i < jobs.length; ) {
        const size = 1 + Math.floor(random() * 60);
        subject.recorder.lane.push(jobs.slice(i, i + size));
        i += size;
        const pick = (): number => jobs[Math.floor(random() * Math.min(i, jobs.length))]?.id ?? 0;
        subject.recorder.lane.revoke([pick(), pick(), pick()]);
        subject.recorder.lane.abort(pick(), CANCEL);
        if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve));
      }
      await subject.recorder.until(() => subject.recorder.ended === jobs.length);
      const returned = new Set(subject.recorder.returned("revoked"));
      const byJob = new Map(jobs.map((job) => [job.id, { ran: false, settled: 0, claimed: 0, type: "" }]));
      for (const event of subject.recorder.events) {
        if (event.type === "returned" || event.type === "broken") continue;
        const entry = byJob.get(event.id);
        if (!entry) continue;
        if (event.type === "log") entry.ran = true;
        if (event.type === "claimed") entry.claimed += 1;
        if (event.type === "settled") {
          entry.settled += 1;
          entry.type = event.outcome.type;
        }
      }
      for (const [id, entry] of byJob) {
        if (returned.has(id)) expect(entry).toEqual({ ran: false, settled: 0, claimed: 0, type: "" });
        else expect(entry.settled).toBe(1);
        expect(entry.claimed).toBe(entry.ran ? 1 : 0);
        if (!entry.ran && !returned.has(id)) expect(entry.type).toBe("aborted");
      }
      expect(returned.size).toBeGreaterThan(0);
      expect([...byJob.values()].some((entry) => entry.ran)).toBe(true);
    });
  });

  describe("close", () => {
    it("of a lane waits for what is in flight", async () => {
      const channel = randomUUID();
      const job = jobFor("Wait", { channel });
      subject.recorder.lane.push([job]);
      await subject.recorder.line(job, "started");
      const home = new BroadcastChannel(channel);
      const closing = subject.recorder.lane.close();
      home.postMessage("go");
      await closing;
      home.close();
      expect(subject.recorder.types(job)).toContain("settled");
    });

    it("of the executor gives back what is in flight", async () => {
      const [waiting, behind] = [jobFor("Wait"), jobFor("Noop")];
      subject.recorder.lane.push([waiting, behind]);
      await subject.recorder.line(waiting, "started");
      await subject.executor.close();
      await subject.recorder.until((event) => event.type === "returned");
      expect(subject.recorder.returned("thread-lost")).toEqual([waiting.id, behind.id]);
      subject.recorder.lane.push([jobFor("Noop")]);
      await subject.recorder.until((event) => event.type === "returned" && event.reason === "revoked");
    });
  });
}
