/** How far schedules have been kept. A part of the store's suite. */
import { describe, expect, it } from "vitest";
import type { StoreUnderTest } from "./store-under-test.js";

/** Declares this part; `durable` as in RunStoreConformanceOptions. */
export function describeSchedules(subject: StoreUnderTest, durable: boolean): void {
  describe("schedules", () => {
    it("are known from the first mark on, each by itself, and never go back", async () => {
      expect(await subject.store.scheduledUpTo("a\0\ud800")).toBeUndefined();
      await subject.store.markScheduled("a\0\ud800", 1_795_000_000_000);
      await subject.store.markScheduled("b", 5);
      await subject.store.markScheduled("a\0\ud800", 1_794_999_999_999);
      expect(await subject.store.scheduledUpTo("a\0\ud800")).toBe(1_795_000_000_000);
      expect(await subject.store.scheduledUpTo("b")).toBe(5);
      await subject.store.markScheduled("b", 6);
      expect(await subject.store.scheduledUpTo("b")).toBe(6);
    });

    it.runIf(durable)("outlive the store", async () => {
      await subject.store.markScheduled("a", 7);
      await subject.reopen();
      expect(await subject.store.scheduledUpTo("a")).toBe(7);
    });
  });
}
