/** Requests of other processes reach the owner once. A part of the store's suite. */
import { describe, expect, it } from "vitest";
import { A, B, ME, OTHER, type StoreUnderTest } from "./store-under-test.js";

/** Declares this part. */
export function describeRequests(subject: StoreUnderTest): void {
  describe("requests", () => {
    it("reach the owner of their run once, in order", async () => {
      const [a, b] = [await subject.store.acquire(A, ME), await subject.store.acquire(B, ME)];
      await subject.store.request({
        run: A,
        kind: "send",
        name: "approval\0\ud800",
        value: new Uint8Array([1, 0, 255]),
      });
      await subject.store.request({ run: B, kind: "break", name: "x", value: new Uint8Array() });
      subject.clock.advance(5);
      await subject.store.request({ run: A, kind: "cancel", name: "", value: new Uint8Array(300_000).fill(3) });
      const taken = await subject.store.takeRequests([a]);
      expect(taken.map(({ run, kind, name, at }) => [run, kind, name, at])).toEqual([
        [A, "send", "approval\0\ud800", subject.clock.now() - 5],
        [A, "cancel", "", subject.clock.now()],
      ]);
      expect(taken.map((request) => [...request.value.subarray(0, 3)])).toEqual([
        [1, 0, 255],
        [3, 3, 3],
      ]);
      expect(taken[0]?.id).toBeLessThan(taken[1]?.id ?? 0);
      expect(await subject.store.takeRequests([a])).toEqual([]);
      expect((await subject.store.takeRequests([a, b])).map((request) => request.run)).toEqual([B]);
    });

    it("wait for the owner, and are not taken by a stale one", async () => {
      await subject.store.request({ run: A, kind: "cancel", name: "", value: new Uint8Array() });
      const stale = await subject.store.acquire(A, ME);
      await subject.store.release([stale]);
      expect(await subject.store.takeRequests([stale])).toEqual([]);
      const lease = await subject.store.acquire(A, OTHER);
      expect(await subject.store.takeRequests([stale])).toEqual([]);
      expect(await subject.store.takeRequests([lease])).toHaveLength(1);
    });
  });
}
