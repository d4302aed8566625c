/** A run has one owner, and a stale one writes nothing. A part of the store's suite. */
import { isMillraceError } from "@millrace/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { recordedFacts } from "../samples/recorded-facts.js";
import { runStartedFact, stepSettledFact } from "../samples/sample-facts.js";
import { startLivingOwner } from "./living-owner.js";
import { A, B, ME, OTHER, type StoreUnderTest } from "./store-under-test.js";

/** Declares this part. */
export function describeOwnership(subject: StoreUnderTest): void {
  describe("ownership", () => {
    it("raises the epoch by each acquisition", async () => {
      for (const epoch of [1, 2, 3]) {
        const lease = await subject.store.acquire(A, ME);
        expect(lease).toStrictEqual({ run: A, epoch });
        await subject.store.release([lease]);
      }
    });

    it("is refused to a second living engine, with pid, host and run", async () => {
      await subject.store.acquire(A, ME);
      const refusal = await subject.store.acquire(A, OTHER).catch((error: unknown) => error);
      expect(isMillraceError(refusal)).toBe(true);
      expect(refusal).toMatchObject({
        code: "run-owned",
        data: { run: A, owner: ME },
        message: expect.stringContaining(String(ME.pid)),
        hint: expect.stringMatching(/./),
      });
      expect(refusal).toMatchObject({ message: expect.stringContaining(ME.host) });
    });

    it("asked for twice by one engine is a bug", async () => {
      await subject.store.acquire(A, ME);
      await expect(subject.store.acquire(A, ME)).rejects.toMatchObject({ code: "internal-bug" });
    });

    it("of a process is kept while it lives, and taken over when it is dead", async () => {
      const child = await startLivingOwner();
      onTestFinished(() => child[Symbol.asyncDispose]());
      const stale = await subject.store.acquire(A, child.owner);
      await subject.append(stale, runStartedFact());
      await expect(subject.store.acquire(A, ME)).rejects.toMatchObject({ code: "run-owned" });
      // Long without a heartbeat: the process is there, so it is only slow.
      subject.clock.advance(3_600_000);
      await expect(subject.store.acquire(A, ME)).rejects.toMatchObject({ code: "run-owned" });
      await child.end();
      expect((await subject.store.list())[0]).not.toHaveProperty("owner");
      const lease = await subject.store.acquire(A, ME);
      expect(lease.epoch).toBe(stale.epoch + 1);
      await expect(subject.append(stale, stepSettledFact(2))).rejects.toMatchObject({ code: "ownership-lost" });
      await subject.append(lease, stepSettledFact(2));
    });

    it("is taken over from a reused pid and from before a reboot", async () => {
      await subject.store.acquire(A, { ...ME, engine: "x", processStart: "1" });
      await subject.store.acquire(A, { ...ME, engine: "y", boot: "another-boot" });
      if (ME.boot === "") return;
      await expect(subject.store.acquire(A, ME)).resolves.toMatchObject({ epoch: 3 });
    });

    it("of another host lasts as long as its heartbeat", async () => {
      const far = { ...OTHER, host: "far-away", pid: 1 };
      const lease = await subject.store.acquire(A, far);
      subject.clock.advance(29_999);
      await subject.store.heartbeat([lease]);
      subject.clock.advance(29_999);
      await expect(subject.store.acquire(A, ME)).rejects.toMatchObject({ code: "run-owned" });
      subject.clock.advance(1);
      await expect(subject.store.acquire(A, ME)).resolves.toMatchObject({ epoch: 2 });
      await expect(subject.store.heartbeat([lease])).rejects.toMatchObject({
        code: "ownership-lost",
        data: { run: A },
      });
    });

    it("lost is reported by a heartbeat, and the other leases live on", async () => {
      const lost = await subject.store.acquire(A, { ...OTHER, host: "far-away" });
      const held = await subject.store.acquire(B, { ...OTHER, host: "far-away" });
      subject.clock.advance(20_000);
      await expect(subject.store.heartbeat([{ ...lost, epoch: 7 }, held])).rejects.toMatchObject({ data: { run: A } });
      subject.clock.advance(20_000);
      await expect(subject.store.acquire(B, ME)).rejects.toMatchObject({ code: "run-owned" });
      await expect(subject.store.acquire(A, ME)).resolves.toMatchObject({ epoch: 2 });
    });

    it("lost stops the facts of that run alone", async () => {
      const [a, b] = [await subject.store.acquire(A, ME), await subject.store.acquire(B, ME)];
      const batches = [
        { ...a, epoch: a.epoch + 1, facts: [runStartedFact()] },
        { ...b, facts: [runStartedFact()] },
      ];
      await expect(subject.store.append(batches)).rejects.toMatchObject({ code: "ownership-lost", data: { run: A } });
      await expect(recordedFacts(subject.store, A)).rejects.toMatchObject({ code: "unknown-run" });
      expect(await subject.recorded(B)).toHaveLength(1);
    });

    it("given back or never taken allows no facts", async () => {
      const lease = await subject.store.acquire(A, ME);
      await subject.append(lease, runStartedFact());
      await subject.store.release([lease]);
      await expect(subject.append(lease, stepSettledFact(2))).rejects.toMatchObject({ code: "ownership-lost" });
      await expect(subject.append({ run: B, epoch: 1 }, runStartedFact())).rejects.toMatchObject({
        code: "ownership-lost",
      });
      await expect(subject.store.heartbeat([lease])).rejects.toMatchObject({ code: "ownership-lost" });
    });

    it("is not given back by a stale lease", async () => {
      const lease = await subject.store.acquire(A, ME);
      await subject.store.release([{ ...lease, epoch: 0 }]);
      await subject.append(lease, runStartedFact());
    });
  });
}
