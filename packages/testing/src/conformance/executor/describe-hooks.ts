/** The order of hooks in every ending, and what their throws do. A part of the executor's suite. */
import { describe, expect, it } from "vitest";
import { CANCEL, type ExecutorUnderTest, TIMEOUT } from "./executor-under-test.js";
import { errorOf, jobFor, type LaneRecorder } from "./lane-recorder.js";

/** Declares this part. */
export function describeHooks(subject: ExecutorUnderTest): void {
  describe("hooks", () => {
    const hooks = (job: Parameters<LaneRecorder["lines"]>[0]): string[] => subject.recorder.lines(job, "info");

    it.each([
      ["success", {}, ["onCreate", "run", "onSuccess", "onDestroy"]],
      ["failure of run", { failIn: ["run"] }, ["onCreate", "run", "onFailure", "onDestroy"]],
      ["failure of onCreate", { failIn: ["onCreate"] }, ["onCreate", "onFailure", "onDestroy"]],
      ["failure of onSuccess", { failIn: ["onSuccess"] }, ["onCreate", "run", "onSuccess", "onFailure", "onDestroy"]],
    ])("in order on %s", async (_, params, expected) => {
      const job = jobFor("Hooked", params);
      const [outcome] = await subject.recorder.run(job);
      expect(hooks(job)).toEqual(expected);
      expect(outcome?.type).toBe("failIn" in params ? "failed" : "succeeded");
    });

    it("call onRestart before run if the step failed in an earlier life, and count its throw as failure", async () => {
      const job = jobFor("Hooked", {}, { restarted: true });
      const failing = jobFor("Hooked", { failIn: ["onRestart"] }, { restarted: true });
      const [, outcome] = await subject.recorder.run(job, failing);
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
        subject.recorder.lane.push([job]);
        await subject.recorder.line(job, "run");
        subject.recorder.lane.abort(job.id, reason);
        const { outcome } = await subject.recorder.settled(job);
        expect(hooks(job)).toEqual(expected);
        expect(subject.recorder.lines(job, "debug")).toEqual(
          expected.filter((hook) => /onAbort|onFailure/.test(hook)).map(() => `because ${reason.message}`),
        );
        expect([outcome.type, errorOf(outcome).code, errorOf(outcome).message]).toEqual([type, code, reason.message]);
      }
    });

    it("report throws of onFailure, onAbort and onDestroy and keep the cause", async () => {
      const failing = jobFor("Hooked", { failIn: ["run", "onFailure", "onDestroy"] });
      const [outcome] = await subject.recorder.run(failing);
      expect(errorOf(outcome).message).toBe("run fails");
      expect(subject.recorder.lines(failing, "error").map((text) => text.split(" of ")[0])).toEqual([
        "onFailure",
        "onDestroy",
      ]);
      const stopped = jobFor("Hooked", { wait: true, failIn: ["onAbort", "onDestroy"] });
      subject.recorder.lane.push([stopped]);
      await subject.recorder.line(stopped, "run");
      subject.recorder.lane.abort(stopped.id, CANCEL);
      expect((await subject.recorder.settled(stopped)).outcome.type).toBe("aborted");
      expect(subject.recorder.lines(stopped, "error")).toHaveLength(2);
    });

    it("give onDestroy its chance when run ignores the signal", async () => {
      const job = jobFor("Deaf", {}, { graceMs: 100 });
      subject.recorder.lane.push([job]);
      await subject.recorder.line(job, "started");
      subject.recorder.lane.abort(job.id, TIMEOUT);
      const { outcome } = await subject.recorder.settled(job);
      expect(hooks(job)).toEqual(["started", "onDestroy"]);
      expect(errorOf(outcome).message).toMatch(
        /^Its time was up\. Task Deaf .* did not stop within its grace of 100 ms/,
      );
    });
  });
}
