/** A run is deleted as a whole, and only by its owner. A part of the store's suite. */
import { describe, expect, it } from "vitest";
import { runStartedFact, stepSettledFact } from "../samples/sample-facts.js";
import { A, B, ME, OTHER, type StoreUnderTest } from "./store-under-test.js";

/** Declares this part; `durable` as in RunStoreConformanceOptions. */
export function describeRemoval(subject: StoreUnderTest, durable: boolean): void {
  describe("removal", () => {
    it("takes facts, list entry and requests of one run, and leaves the others", async () => {
      const [a, b] = [await subject.store.acquire(A, ME), await subject.store.acquire(B, ME)];
      await subject.append(a, runStartedFact(), stepSettledFact(2));
      await subject.append(b, runStartedFact());
      for (const run of [A, B]) await subject.store.request({ run, kind: "cancel", name: "", value: new Uint8Array() });
      await subject.store.remove(a);
      if (durable) await subject.reopen();
      expect((await subject.store.list()).map((run) => run.id)).toEqual([B]);
      await expect(subject.recorded(A)).rejects.toMatchObject({ code: "unknown-run" });
      expect(await subject.recorded(B)).toHaveLength(1);
      const again = await subject.store.acquire(A, OTHER);
      expect(await subject.store.takeRequests([again])).toEqual([]);
    });

    it("uses up its lease: nothing of the old owner is written to a new run of that id", async () => {
      const old = await subject.store.acquire(A, ME);
      await subject.append(old, runStartedFact());
      await subject.store.remove(old);
      await expect(subject.append(old, runStartedFact())).rejects.toMatchObject({ code: "ownership-lost" });
      const lease = await subject.store.acquire(A, OTHER);
      expect(lease.epoch).toBeGreaterThan(old.epoch);
      await expect(subject.append(old, runStartedFact())).rejects.toMatchObject({ code: "ownership-lost" });
      await subject.append(lease, runStartedFact("Again"));
      expect(await subject.recorded(A)).toMatchObject([{ flow: "Again" }]);
    });

    it("is refused to a stale owner, and deletes nothing then", async () => {
      const stale = await subject.store.acquire(A, ME);
      await subject.append(stale, runStartedFact());
      await subject.store.release([stale]);
      await expect(subject.store.remove(stale)).rejects.toMatchObject({ code: "ownership-lost" });
      await subject.store.acquire(A, OTHER);
      await expect(subject.store.remove(stale)).rejects.toMatchObject({ code: "ownership-lost" });
      expect(await subject.recorded(A)).toHaveLength(1);
    });
  });
}
