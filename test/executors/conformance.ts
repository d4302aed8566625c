/** The suite that every executor has to pass. Threads and inline run it; so can an executor of your own. */
import type { AbortReason, Executor } from "@millrace/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { errorOf, jobFor, LaneRecorder, resultOf } from "./lane-recorder.js";

const TIMEOUT: AbortReason = { kind: "timeout", message: "Its time was up." };
const CANCEL: AbortReason = { kind: "cancel", message: "Cancelled by hand." };

/** Declares the suite for one executor. */
export function executorConformance(name: string, open: () => Executor): void {
  describe(`Executor: ${name}`, () => {
    let executor: Executor;
    let recorder: LaneRecorder;

    beforeEach(() => {
      executor = open();
      recorder = new LaneRecorder(executor);
    });
    afterEach(() => executor.close());

    describe("jobs", () => {
      it("run one at a time in the order of push, over batches", async () => {
        const jobs = Array.from({ length: 300 }, (_, i) => jobFor(i % 3 === 0 ? "Hooked" : "Noop"));
        recorder.lane.push(jobs.slice(0, 100));
        recorder.lane.push(jobs.slice(100));
        await Promise.all(jobs.map((job) => recorder.settled(job)));
        const order = recorder.events.flatMap((event) =>
          event.type === "claimed" || event.type === "settled" ? [`${event.type} ${event.id}`] : [],
        );
        expect(order).toEqual(jobs.flatMap((job) => [`claimed ${job.id}`, `settled ${job.id}`]));
      });

      it("never report inside push, abort or revoke", async () => {
        const job = jobFor("Noop");
        recorder.lane.push([job]);
        recorder.lane.revoke([job.id]);
        expect(recorder.events).toEqual([]);
        await recorder.until((event) => event.type === "returned" || event.type === "settled");
      });

      it.each([
        ["a string", "Oslo"],
        ["undefined", undefined],
        ["a date and a map", { at: new Date(0), map: new Map([["k", [1, 2n]]]) }],
        ["bytes", new Uint8Array([1, 2, 3])],
        ["300 KiB", "y".repeat(300 * 1024)],
      ])("carry %s there and back", async (_, value) => {
        const outcomes = await recorder.run(jobFor("Echo", { value }), jobFor("Noop"), jobFor("Echo", { value }));
        expect(outcomes.map(resultOf)).toEqual([value, undefined, value]);
      });

      it("keep initialisers for what is not given, and take no name that is no parameter", async () => {
        const [outcome] = await recorder.run(jobFor("Echo", { run: "overwritten", other: 1 }));
        expect(resultOf(outcome as never)).toBe("default");
      });

      it("see their facts, log and report progress in order", async () => {
        const job = jobFor("Facts", {}, { attempt: 2, attempts: 3 });
        const [outcome] = await recorder.run(job);
        const { run, key: step, node, task, attempt, idempotencyKey } = job;
        expect(resultOf(outcome as never)).toEqual({ run, step, node, task, attempt, willRetry: true, idempotencyKey });
        expect(recorder.events.filter((event) => event.type === "progress")).toEqual([
          { type: "progress", id: job.id, fraction: 0.5, message: "half" },
          { type: "progress", id: job.id, message: "words only" },
        ]);
        expect(recorder.lines(job, "warn")).toEqual(["cart has 3"]);
        expect(recorder.types(job)).toEqual(["claimed", "progress", "progress", "log", "settled"]);
      });

      it("have what they print in their log", async () => {
        const job = jobFor("Prints");
        await recorder.run(job);
        expect(recorder.lines(job, "info").slice(0, 2)).toEqual(["log 1 { a: 1 }", "in pieces"]);
        expect(recorder.lines(job, "info").at(-1)).toBe("rest");
        expect(recorder.lines(job, "debug")).toEqual(["debug"]);
        expect(recorder.lines(job, "warn")).toEqual(["two\nlines"]);
        expect(recorder.lines(job, "error")).toEqual(["error", "to stderr"]);
        const long = recorder.lines(job, "info").find((text) => text.startsWith("xxx")) ?? "";
        expect(long.length).toBeLessThan(66_000);
        expect(long).toMatch(/… \[cut: 65536 of 70000 characters\]$/);
      });
    });

    describe("hooks", () => {
      const hooks = (job: Parameters<LaneRecorder["lines"]>[0]): string[] => recorder.lines(job, "info");

      it.each([
        ["success", {}, ["onCreate", "run", "onSuccess", "onDestroy"]],
        ["failure of run", { failIn: ["run"] }, ["onCreate", "run", "onFailure", "onDestroy"]],
        ["failure of onCreate", { failIn: ["onCreate"] }, ["onCreate", "onFailure", "onDestroy"]],
        ["failure of onSuccess", { failIn: ["onSuccess"] }, ["onCreate", "run", "onSuccess", "onFailure", "onDestroy"]],
      ])("in order on %s", async (_, params, expected) => {
        const job = jobFor("Hooked", params);
        const [outcome] = await recorder.run(job);
        expect(hooks(job)).toEqual(expected);
        expect(outcome?.type).toBe("failIn" in params ? "failed" : "succeeded");
      });

      it("call onRestart before run if the step failed in an earlier life, and count its throw as failure", async () => {
        const job = jobFor("Hooked", {}, { restarted: true });
        const failing = jobFor("Hooked", { failIn: ["onRestart"] }, { restarted: true });
        const [, outcome] = await recorder.run(job, failing);
        expect(hooks(job)).toEqual(["onCreate", "onRestart", "run", "onSuccess", "onDestroy"]);
        expect(hooks(failing)).toEqual(["onCreate", "onRestart", "onFailure", "onDestroy"]);
        expect(outcome?.type).toBe("failed");
      });

      it.each([
        ["timeout", TIMEOUT, ["onCreate", "run", "onAbort", "onFailure", "onDestroy"], "failed", "step-timeout"],
        ["cancel", CANCEL, ["onCreate", "run", "onAbort", "onDestroy"], "aborted", "step-aborted"],
        [
          "the end of a body",
          { kind: "body", message: "A sibling failed." } as const,
          ["onCreate", "run", "onAbort", "onDestroy"],
          "aborted",
          "step-aborted",
        ],
        [
          "an interrupt",
          { kind: "process", message: "Interrupted." } as const,
          ["onCreate", "run", "onAbort", "onDestroy"],
          "aborted",
          "step-aborted",
        ],
      ])("in order on %s", async (_, reason, expected, type, code) => {
        for (const resolveOnAbort of [false, true]) {
          const job = jobFor("Hooked", { wait: true, resolveOnAbort });
          recorder.lane.push([job]);
          await recorder.line(job, "run");
          recorder.lane.abort(job.id, reason);
          const { outcome } = await recorder.settled(job);
          expect(hooks(job)).toEqual(expected);
          expect(recorder.lines(job, "debug")).toEqual(
            expected.filter((hook) => /onAbort|onFailure/.test(hook)).map(() => `because ${reason.message}`),
          );
          expect([outcome.type, errorOf(outcome).code, errorOf(outcome).message]).toEqual([type, code, reason.message]);
        }
      });

      it("report throws of onFailure, onAbort and onDestroy and keep the cause", async () => {
        const failing = jobFor("Hooked", { failIn: ["run", "onFailure", "onDestroy"] });
        const [outcome] = await recorder.run(failing);
        expect(errorOf(outcome as never).message).toBe("run fails");
        expect(recorder.lines(failing, "error").map((text) => text.split(" of ")[0])).toEqual([
          "onFailure",
          "onDestroy",
        ]);
        const stopped = jobFor("Hooked", { wait: true, failIn: ["onAbort", "onDestroy"] });
        recorder.lane.push([stopped]);
        await recorder.line(stopped, "run");
        recorder.lane.abort(stopped.id, CANCEL);
        expect((await recorder.settled(stopped)).outcome.type).toBe("aborted");
        expect(recorder.lines(stopped, "error")).toHaveLength(2);
      });

      it("give onDestroy its chance when run ignores the signal", async () => {
        const job = jobFor("Deaf", {}, { graceMs: 100 });
        recorder.lane.push([job]);
        await recorder.line(job, "started");
        recorder.lane.abort(job.id, TIMEOUT);
        const { outcome } = await recorder.settled(job);
        expect(hooks(job)).toEqual(["started", "onDestroy"]);
        expect(errorOf(outcome).message).toMatch(
          /^Its time was up\. Task Deaf .* did not stop within its grace of 100 ms/,
        );
      });
    });

    describe("failures", () => {
      it("carry the error with what the retry policy asks", async () => {
        const outcomes = await recorder.run(
          ...["plain", "range", "fatal", "retryable", "text"].map((what) => jobFor("Throws", { what })),
        );
        expect(outcomes.map((o) => (o.type === "failed" ? [o.errorName, o.fatal, o.retryAfterMs] : o.type))).toEqual([
          ["Error", false, undefined],
          ["RangeError", false, undefined],
          ["FatalError", true, undefined],
          ["RetryableError", false, 2000],
          ["Error", false, undefined],
        ]);
        expect((errorOf(outcomes[1] as never).cause as Error).message).toBe("why");
        expect(errorOf(outcomes[4] as never).message).toContain("just text");
      });

      it("are fatal for results that cannot be sent or are too large, with their path or size", async () => {
        const job = jobFor("Unsendable");
        const [unsendable, large] = await recorder.run(job, jobFor("Large", {}, { maxResultBytes: 100 }));
        expect(unsendable).toMatchObject({ type: "failed", fatal: true, errorName: "value-not-sendable" });
        expect(errorOf(unsendable as never).message).toContain("result.deep[0]");
        expect(recorder.lines(job)).toEqual(["onFailure"]);
        expect(large).toMatchObject({ type: "failed", fatal: true });
        expect(errorOf(large as never).message).toMatch(/over its limit of 100/);
      });

      it("name module and task when there is nothing to run", async () => {
        const outcomes = await recorder.run(
          jobFor("Missing"),
          jobFor("notATask"),
          jobFor("text"),
          jobFor("Any", {}, { file: "throws-on-import.mjs" }),
          jobFor("Any", {}, { file: "not-there.mjs" }),
          jobFor("BadConstructor"),
        );
        const errors = outcomes.map(errorOf);
        expect(errors.map((error) => error.code)).toEqual([...Array(5).fill("module-failed"), undefined]);
        expect(errors[0]?.message).toContain("has no export Missing");
        expect(errors[1]?.message).toContain("no class with a run method");
        expect(errors[3]?.message).toMatch(/task Any .*no database at import/);
        expect((errors[3]?.cause as Error | undefined)?.message).toBe("no database at import");
        expect(errors[5]?.message).toBe("no instance");
      });

      it.each(["exit", "kill", "abort", "late"])("are what a step gets that ends its process (%s)", async (how) => {
        const [fails, catches, next] = await recorder.run(
          jobFor("Exits", { how }),
          jobFor("Exits", { how, caught: true }),
          jobFor("Noop"),
        );
        for (const outcome of [fails, catches]) {
          expect(errorOf(outcome as never).code).toBe("step-exited");
          expect(errorOf(outcome as never).message).toMatch(/Task Exits \(step .*\) called process\./);
        }
        expect(next?.type).toBe("succeeded");
      });
    });

    describe("abort and revoke", () => {
      it("settle an unclaimed job at once and leave its neighbours alone", async () => {
        const [first, second, third] = [jobFor("Wait", { channel: "abort-1" }), jobFor("Hooked"), jobFor("Noop")];
        recorder.lane.push([first, second, third]);
        await recorder.line(first, "started");
        recorder.lane.abort(second.id, TIMEOUT);
        const { outcome } = await recorder.settled(second);
        expect(errorOf(outcome).code).toBe("step-timeout");
        expect(recorder.types(second)).toEqual(["settled"]);
        const home = new BroadcastChannel("abort-1");
        home.postMessage("go");
        expect(resultOf((await recorder.settled(first)).outcome)).toBe("go");
        home.close();
        expect((await recorder.settled(third)).outcome.type).toBe("succeeded");
        expect(recorder.lines(second)).toEqual([]);
      });

      it("ignore jobs that are unknown or settled", async () => {
        const job = jobFor("Noop");
        await recorder.run(job);
        recorder.lane.abort(job.id, CANCEL);
        recorder.lane.revoke([job.id, 999_999]);
        await recorder.run(jobFor("Noop"));
        expect(recorder.types(job)).toEqual(["claimed", "settled"]);
        expect(recorder.returned()).toEqual([]);
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
          recorder.lane.push(jobs.slice(i, i + size));
          i += size;
          const pick = (): number => jobs[Math.floor(random() * Math.min(i, jobs.length))]?.id ?? 0;
          recorder.lane.revoke([pick(), pick(), pick()]);
          recorder.lane.abort(pick(), CANCEL);
          if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve));
        }
        await recorder.until(() => recorder.ended === jobs.length);
        const returned = new Set(recorder.returned("revoked"));
        const byJob = new Map(jobs.map((job) => [job.id, { ran: false, settled: 0, claimed: 0, type: "" }]));
        for (const event of recorder.events) {
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
        const job = jobFor("Wait", { channel: "close-1" });
        recorder.lane.push([job]);
        await recorder.line(job, "started");
        const home = new BroadcastChannel("close-1");
        const closing = recorder.lane.close();
        home.postMessage("go");
        await closing;
        home.close();
        expect(recorder.types(job)).toContain("settled");
      });

      it("of the executor gives back what is in flight", async () => {
        const jobs = [jobFor("Wait"), jobFor("Noop")];
        recorder.lane.push(jobs);
        await recorder.line(jobs[0] as never, "started");
        await executor.close();
        await recorder.until((event) => event.type === "returned");
        expect(recorder.returned("thread-lost")).toEqual(jobs.map((job) => job.id));
        recorder.lane.push([jobFor("Noop")]);
        await recorder.until((event) => event.type === "returned" && event.reason === "revoked");
      });
    });
  });
}
