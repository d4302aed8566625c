/** An append is whole or not at all. A part of the store's suite. */
import { type FactBatch, MillraceError, UNBUILT, unbuiltSite } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { runStartedFact, stepSettledFact } from "../samples/sample-facts.js";
import { A, B, ME, type StoreUnderTest } from "./store-under-test.js";

/** Declares this part; `durable` as in RunStoreConformanceOptions. */
export function describeAppends(subject: StoreUnderTest, durable: boolean): void {
  describe("atomicity", () => {
    it.each([
      ["a gap", [stepSettledFact(3)]],
      ["a repetition", [stepSettledFact(1)]],
      ["a gap behind good facts", [stepSettledFact(2), stepSettledFact(4)]],
      ["a second start", [{ ...runStartedFact(), seq: 2 }]],
    ])("refuses %s as a bug and writes nothing of the append", async (_, facts) => {
      const [a, b] = [await subject.store.acquire(A, ME), await subject.store.acquire(B, ME)];
      await subject.append(a, runStartedFact());
      const batches: FactBatch[] = [
        { ...b, facts: [runStartedFact()] },
        { ...a, facts },
      ];
      await expect(subject.store.append(batches)).rejects.toMatchObject({ code: "internal-bug" });
      expect(await subject.recorded(A)).toHaveLength(1);
      expect((await subject.store.list()).map((run) => run.id)).toEqual([A]);
    });

    it("refuses a run that does not begin with its start", async () => {
      const lease = await subject.store.acquire(A, ME);
      await expect(subject.append(lease, { ...stepSettledFact(1) })).rejects.toMatchObject({ code: "internal-bug" });
      expect(await subject.store.list()).toEqual([]);
    });

    it("writes nothing when a value cannot be read", async () => {
      const lease = await subject.store.acquire(A, ME);
      const broken = {
        size: 5,
        read: (): Uint8Array => {
          throw new MillraceError("value-unreadable", "no");
        },
      };
      await expect(subject.append(lease, runStartedFact(), stepSettledFact(2, broken))).rejects.toMatchObject({
        code: "value-unreadable",
      });
      expect(await subject.store.list()).toEqual([]);
      await subject.append(lease, runStartedFact());
      expect(await subject.recorded(A)).toHaveLength(1);
    });

    it("takes two batches of one run in one append", async () => {
      const lease = await subject.store.acquire(A, ME);
      await subject.store.append([
        { ...lease, facts: [runStartedFact()] },
        { ...lease, facts: [] },
        { ...lease, facts: [stepSettledFact(2)] },
      ]);
      expect(await subject.recorded(A)).toHaveLength(2);
      await subject.store.append([]);
    });
  });

  describe.runIf(durable)("code that no build has seen", () => {
    it.each([
      ["a start of such code", [{ ...runStartedFact(), build: UNBUILT }]],
      ["a step called from it", [runStartedFact(), { ...stepSettledFact(2), site: unbuiltSite("src/flow.ts", 3) }]],
    ])("has no facts on record: %s is refused, whole", async (_, facts) => {
      const [a, b] = [await subject.store.acquire(A, ME), await subject.store.acquire(B, ME)];
      const batches: FactBatch[] = [
        { ...b, facts: [runStartedFact()] },
        { ...a, facts },
      ];
      await expect(subject.store.append(batches)).rejects.toMatchObject({ code: "unbuilt-code" });
      expect(await subject.store.list()).toEqual([]);
    });
  });
}
