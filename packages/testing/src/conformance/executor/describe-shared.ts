/** Questions of attempts about shared state, and the answers: what an executor carries between them and the engine. A part of its suite. */
import { decodeValue, encodeError, encodeValue, type Job, type LaneEvent, type SharedAnswer } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { CANCEL, type ExecutorUnderTest } from "./executor-under-test.js";
import { errorOf, jobFor, resultOf } from "./lane-recorder.js";

type Question = Extract<LaneEvent, { type: "shared" }>;

/** Declares this part. */
export function describeShared(subject: ExecutorUnderTest): void {
  describe("shared state", () => {
    /** The next question of a job, behind that of a number. */
    const asked = (job: Job, after = 0): Promise<Question> =>
      subject.recorder.until(
        (event): event is Question => event.type === "shared" && event.id === job.id && event.request > after,
      );
    const answer = ({ id, request }: Question, given: SharedAnswer): void =>
      subject.recorder.lane.answer(id, request, given);

    it("is asked and answered with bytes of any size, and the outcome holds what was written", async () => {
      const job = jobFor("Shares");
      const large = new Uint8Array(300_000).fill(7);
      subject.recorder.lane.push([job]);
      const get = await asked(job);
      expect(get.ask).toEqual({ op: "get", key: "__proto__" });
      answer(get, { type: "entries", entries: [{ key: "__proto__", version: 4, value: encodeValue(large) }] });
      const publish = await asked(job, get.request);
      expect({ ...publish.ask, value: undefined }).toEqual({ op: "publish", key: "live", value: undefined });
      expect(publish.ask.op === "publish" && decodeValue(publish.ask.value)).toEqual(large);
      answer(publish, { type: "entries", entries: [] });
      const entries = await asked(job, publish.request);
      expect(entries.ask).toEqual({ op: "entries" });
      answer(entries, { type: "entries", entries: [{ key: "live", version: 1, value: encodeValue(1) }] });
      const read = await asked(job, entries.request);
      expect(read.ask).toEqual({ op: "get", key: "n" });
      answer(read, { type: "entries", entries: [{ key: "n", version: 0 }] });
      const claim = await asked(job, read.request);
      expect(claim.ask).toEqual({ op: "claim", keys: [{ key: "n", version: 0 }, { key: "gone" }] });
      // Somebody was faster.
      answer(claim, { type: "entries", entries: [{ key: "n", version: 1, value: encodeValue(40) }] });
      const { outcome } = await subject.recorder.settled(job);
      expect(resultOf(outcome)).toEqual([["live", 1]]);
      const shared = outcome.type === "succeeded" ? (outcome.shared ?? []) : [];
      expect(shared.map(({ key, value }) => [key, value && decodeValue(value)])).toEqual([
        ["n", 41],
        ["gone", undefined],
      ]);
    });

    it("that cannot be read is the failure of whoever asked", async () => {
      const job = jobFor("Shares");
      subject.recorder.lane.push([job]);
      answer(await asked(job), { type: "refused", error: encodeError(new RangeError("unreadable")) });
      const { outcome } = await subject.recorder.settled(job);
      expect(errorOf(outcome)).toMatchObject({ name: "RangeError", message: "unreadable" });
    });

    it("leaves nobody waiting: a stop ends those who ask, and answers that come late reach nobody", async () => {
      const job = jobFor("Shares");
      subject.recorder.lane.push([job]);
      const question = await asked(job);
      subject.recorder.lane.abort(job.id, CANCEL);
      expect((await subject.recorder.settled(job)).outcome.type).toBe("aborted");
      answer(question, { type: "entries", entries: [] });
      const [next] = await subject.recorder.run(jobFor("Noop"));
      expect(next.type).toBe("succeeded");
    });
  });
}
