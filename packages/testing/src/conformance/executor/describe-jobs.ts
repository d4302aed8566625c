/** What goes in comes out: order, values, facts, logs and progress of jobs. A part of the executor's suite. */
import { decodeValue } from "@millrace/core";
import { describe, expect, it } from "vitest";
import type { ExecutorUnderTest } from "./executor-under-test.js";
import { jobFor, resultOf } from "./lane-recorder.js";

/** Declares this part. */
export function describeJobs(subject: ExecutorUnderTest): void {
  describe("jobs", () => {
    it("run one at a time in the order of push, over batches", async () => {
      const jobs = Array.from({ length: 300 }, (_, i) => jobFor(i % 3 === 0 ? "Hooked" : "Noop"));
      subject.recorder.lane.push(jobs.slice(0, 100));
      subject.recorder.lane.push(jobs.slice(100));
      await Promise.all(jobs.map((job) => subject.recorder.settled(job)));
      const order = subject.recorder.events.flatMap((event) =>
        event.type === "claimed" || event.type === "settled" ? [`${event.type} ${event.id}`] : [],
      );
      expect(order).toEqual(jobs.flatMap((job) => [`claimed ${job.id}`, `settled ${job.id}`]));
    });

    it("never report inside push, abort or revoke", async () => {
      const job = jobFor("Noop");
      subject.recorder.lane.push([job]);
      subject.recorder.lane.revoke([job.id]);
      expect(subject.recorder.events).toEqual([]);
      await subject.recorder.until((event) => event.type === "returned" || event.type === "settled");
    });

    it.each([
      ["a string", "Oslo"],
      ["undefined", undefined],
      ["a date and a map", { at: new Date(0), map: new Map([["k", [1, 2n]]]) }],
      ["bytes", new Uint8Array([1, 2, 3])],
      ["300 KiB", "y".repeat(300 * 1024)],
    ])("carry %s there and back", async (_, value) => {
      const outcomes = await subject.recorder.run(jobFor("Echo", { value }), jobFor("Noop"), jobFor("Echo", { value }));
      expect(outcomes.map(resultOf)).toEqual([value, undefined, value]);
    });

    it("keep initialisers for what is not given, and take no name that is no parameter", async () => {
      const [outcome] = await subject.recorder.run(jobFor("Echo", { run: "overwritten", other: 1 }));
      expect(resultOf(outcome)).toBe("default");
    });

    it("see their facts, log and report progress in order", async () => {
      const job = jobFor("Facts", {}, { attempt: 2, attempts: 3 });
      const [outcome] = await subject.recorder.run(job);
      const { run, key: step, node, task, attempt, idempotencyKey } = job;
      expect(resultOf(outcome)).toEqual({ run, step, node, task, attempt, willRetry: true, idempotencyKey });
      expect(subject.recorder.events.filter((event) => event.type === "progress")).toEqual([
        { type: "progress", id: job.id, fraction: 0.5, message: "half" },
        { type: "progress", id: job.id, message: "words only" },
      ]);
      expect(subject.recorder.lines(job, "warn")).toEqual(["cart has 3"]);
      expect(subject.recorder.types(job)).toEqual(["claimed", "progress", "progress", "log", "settled"]);
    });

    it("emit chunks in order with their lines, before their end", async () => {
      const job = jobFor("Emits");
      await subject.recorder.run(job);
      const chunks = subject.recorder.events.flatMap((event) =>
        event.type === "chunk" && event.id === job.id ? [decodeValue(event.value)] : [],
      );
      expect(chunks).toEqual(["first", { at: new Date(7) }]);
      expect(subject.recorder.types(job)).toEqual(["claimed", "chunk", "log", "chunk", "settled"]);
    });

    it("have what they print in their log", async () => {
      const job = jobFor("Prints");
      await subject.recorder.run(job);
      expect(subject.recorder.lines(job, "info").slice(0, 2)).toEqual(["log 1 { a: 1 }", "in pieces"]);
      expect(subject.recorder.lines(job, "info").at(-1)).toBe("rest");
      expect(subject.recorder.lines(job, "debug")).toEqual(["debug"]);
      expect(subject.recorder.lines(job, "warn")).toEqual(["two\nlines"]);
      expect(subject.recorder.lines(job, "error")).toEqual(["error", "to stderr"]);
      const long = subject.recorder.lines(job, "info").find((text) => text.startsWith("xxx")) ?? "";
      expect(long.length).toBeLessThan(66_000);
      expect(long).toMatch(/… \[cut: 65536 of 70000 characters\]$/);
    });
  });
}
