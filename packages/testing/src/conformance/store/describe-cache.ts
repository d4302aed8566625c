/** Results that other runs may have. A part of the store's suite. */
import { bytesInMemory, type Identity, type StepSettled } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { runStartedFact, stepSettledFact } from "../samples/sample-facts.js";
import { A, B, ME, OTHER, type StoreUnderTest } from "./store-under-test.js";

// Safe: to the store an identity is an opaque text.
const SAME = "same" as Identity;

/** A shared result: one byte, `size` times. */
function shared(seq: number, byte: number, size = 3): StepSettled {
  const value = bytesInMemory(new Uint8Array(size).fill(byte));
  return { ...stepSettledFact(seq, value), identity: SAME, cacheable: true, endedAt: 100 * byte };
}

/** Declares this part. */
export function describeCache(subject: StoreUnderTest, durable: boolean): void {
  const found = async (): Promise<{ byte: number | undefined; size: number; at: number } | undefined> => {
    const result = await subject.store.cached(SAME);
    return result && { byte: result.value.read()[0], size: result.value.read().byteLength, at: result.at };
  };

  describe("shared results", () => {
    it("are found by identity, whatever run made them, the newest first", async () => {
      expect(await found()).toBeUndefined();
      await subject.append(await subject.store.acquire(A, ME), runStartedFact(), shared(2, 1));
      expect(await found()).toEqual({ byte: 1, size: 3, at: 100 });
      await subject.append(await subject.store.acquire(B, ME), runStartedFact(), shared(2, 2), shared(3, 3));
      expect(await found()).toEqual({ byte: 3, size: 3, at: 300 });
      expect(await subject.store.cached("another" as Identity)).toBeUndefined();
    });

    it.each([0, 4_097, 300_000])("come back whole: %d bytes", async (size) => {
      await subject.append(await subject.store.acquire(A, ME), runStartedFact(), shared(2, 1, size));
      expect(await found()).toEqual({ byte: size === 0 ? undefined : 1, size, at: 100 });
    });

    it("are successes of steps that share them, and nothing else", async () => {
      const { cacheable: _, ...own } = shared(2, 1);
      const { value, ...failed } = { ...shared(3, 1), state: "failed" as const };
      const error = value === undefined ? {} : { error: value };
      await subject.append(await subject.store.acquire(A, ME), runStartedFact(), own, { ...failed, ...error });
      expect(await found()).toBeUndefined();
    });

    it("are not those of a stale owner, nor of a batch that was refused", async () => {
      const stale = await subject.store.acquire(A, ME);
      await subject.append(stale, runStartedFact());
      await subject.store.release([stale]);
      const lease = await subject.store.acquire(A, OTHER);
      await expect(subject.append(stale, shared(2, 1))).rejects.toMatchObject({ code: "ownership-lost" });
      await expect(subject.append(lease, shared(2, 1), shared(9, 2))).rejects.toThrow();
      expect(await found()).toBeUndefined();
    });

    it("go with the run that made them, and are not those of another one under its id", async () => {
      const lease = await subject.store.acquire(A, ME);
      await subject.append(lease, runStartedFact(), shared(2, 1));
      await subject.store.remove(lease);
      expect(await found()).toBeUndefined();
      await subject.append(await subject.store.acquire(A, OTHER), runStartedFact(), stepSettledFact(2));
      expect(await found()).toBeUndefined();
    });

    it.runIf(durable)("outlive the store that wrote them", async () => {
      await subject.append(await subject.store.acquire(A, ME), runStartedFact(), shared(2, 1), shared(3, 2, 300_000));
      await subject.reopen();
      expect(await found()).toEqual({ byte: 2, size: 300_000, at: 200 });
    });
  });
}
