/** What a failed attempt tells the retry policy, and whom it blames. A part of the executor's suite. */
import type { Job } from "@millrace/core";
import { describe, expect, it } from "vitest";
import type { ExecutorUnderTest } from "./executor-under-test.js";
import { errorOf, jobFor } from "./lane-recorder.js";

/** Declares this part. */
export function describeFailures(subject: ExecutorUnderTest): void {
  describe("failures", () => {
    it("carry the error with what the retry policy asks", async () => {
      const throws = (what: string): Job => jobFor("Throws", { what });
      const outcomes = await subject.recorder.run(
        throws("plain"),
        throws("range"),
        throws("fatal"),
        throws("retryable"),
        throws("text"),
      );
      expect(outcomes.map((o) => (o.type === "failed" ? [o.errorName, o.fatal, o.retryAfterMs] : o.type))).toEqual([
        ["Error", false, undefined],
        ["RangeError", false, undefined],
        ["FatalError", true, undefined],
        ["RetryableError", false, 2000],
        ["Error", false, undefined],
      ]);
      expect(errorOf(outcomes[1]).cause).toMatchObject({ message: "why" });
      expect(errorOf(outcomes[4]).message).toContain("just text");
    });

    it("are fatal for results that cannot be sent or are too large, with their path or size", async () => {
      const job = jobFor("Unsendable");
      const [unsendable, large] = await subject.recorder.run(job, jobFor("Large", {}, { maxResultBytes: 100 }));
      expect(unsendable).toMatchObject({ type: "failed", fatal: true, errorName: "value-not-sendable" });
      expect(errorOf(unsendable).message).toContain("result.deep[0]");
      expect(subject.recorder.lines(job)).toEqual(["onFailure"]);
      expect(large).toMatchObject({ type: "failed", fatal: true });
      expect(errorOf(large).message).toMatch(/over its limit of 100/);
    });

    it("name module and task when there is nothing to run", async () => {
      const outcomes = await subject.recorder.run(
        jobFor("Missing"),
        jobFor("notATask"),
        jobFor("text"),
        jobFor("Any", {}, { module: new URL("../loaded/throws-on-import.js", import.meta.url).href }),
        jobFor("Any", {}, { module: new URL("../loaded/not-there.js", import.meta.url).href }),
        jobFor("BadConstructor"),
      );
      const errors = outcomes.map(errorOf);
      expect(errors.map((error) => error.code)).toEqual([...Array(5).fill("module-failed"), undefined]);
      expect(errors[0]?.message).toContain("has no export Missing");
      expect(errors[1]?.message).toContain("no class with a run method");
      expect(errors[3]?.message).toMatch(/task Any .*no database at import/);
      expect(errors[3]?.cause).toMatchObject({ message: "no database at import" });
      expect(errors[5]?.message).toBe("no instance");
    });

    it.each(["exit", "kill", "abort", "late"])("are what a step gets that ends its process (%s)", async (how) => {
      const [fails, catches, next] = await subject.recorder.run(
        jobFor("Exits", { how }),
        jobFor("Exits", { how, caught: true }),
        jobFor("Noop"),
      );
      for (const outcome of [fails, catches]) {
        expect(errorOf(outcome).code).toBe("step-exited");
        expect(errorOf(outcome).message).toMatch(/Task Exits \(step .*\) called process\./);
      }
      expect(next?.type).toBe("succeeded");
    });
  });
}
