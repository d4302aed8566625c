/** The end of a store, and several stores in one place. A part of the store's suite. */
import { bytesInMemory, type RunSummary } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { plainFact, recordedFacts } from "../samples/recorded-facts.js";
import { everyFact, runStartedFact, stepSettledFact } from "../samples/sample-facts.js";
import { A, B, ME, OTHER, type StoreUnderTest } from "./store-under-test.js";

/** What a place of runs allows, as in RunStoreConformanceOptions. */
interface Place {
  readonly durable: boolean;
  readonly shared: boolean;
}

/** Declares this part. Stores in one place share runs only if they are `durable`, and owners only if they are `shared`. */
export function describeClosing(subject: StoreUnderTest, { durable, shared }: Place): void {
  describe("closing", () => {
    it("can be repeated, and lets nothing happen afterwards", async () => {
      const lease = await subject.store.acquire(A, ME);
      await subject.store.close();
      await subject.store.close();
      const calls = [
        () => subject.append(lease, runStartedFact()),
        () => recordedFacts(subject.store, A),
        () => subject.store.list(),
        () => subject.store.acquire(B, ME),
        () => subject.store.heartbeat([lease]),
        () => subject.store.release([lease]),
        () => subject.store.remove(lease),
        () => subject.store.request({ run: A, kind: "cancel", name: "", value: new Uint8Array() }),
        () => subject.store.takeRequests([lease]),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "internal-bug" });
    });

    it("waits for the appends before it", async () => {
      const lease = await subject.store.acquire(A, ME);
      const appended = subject.append(
        lease,
        runStartedFact(),
        stepSettledFact(2, bytesInMemory(new Uint8Array(500_000))),
      );
      await Promise.all([appended, subject.store.close()]);
    });
  });

  describe.skipIf(!durable)("two doors", () => {
    it.runIf(shared)("see each other's runs, owners and requests", async () => {
      const second = await subject.home.open(subject.clock);
      const lease = await subject.store.acquire(A, ME);
      await subject.append(lease, runStartedFact(), stepSettledFact(2));
      expect(await subject.recorded(A, second)).toHaveLength(2);
      await expect(second.acquire(A, OTHER)).rejects.toMatchObject({ code: "run-owned" });
      await second.request({ run: A, kind: "cancel", name: "", value: new Uint8Array() });
      expect(await subject.store.takeRequests([lease])).toHaveLength(1);
      await subject.store.release([lease]);
      const next = await second.acquire(A, OTHER);
      await expect(subject.append(lease, stepSettledFact(3))).rejects.toMatchObject({ code: "ownership-lost" });
      await second.append([{ ...next, facts: [stepSettledFact(3)] }]);
      expect(await subject.recorded(A)).toHaveLength(3);
      await second.close();
    });

    it("give the same runs after all others were closed", async () => {
      const facts = everyFact();
      const lease = await subject.store.acquire(A, ME);
      await subject.append(lease, ...facts);
      const list = async (): Promise<readonly RunSummary[]> =>
        (await subject.store.list()).map(({ owner, ...rest }) => (shared && owner ? { ...rest, owner } : rest));
      const before = await list();
      await subject.store.close();
      await subject.reopen();
      expect(await subject.recorded(A)).toStrictEqual(facts.map(plainFact));
      expect(await list()).toStrictEqual(before);
      const goesOn = shared ? lease : await subject.store.acquire(A, ME);
      await subject.append(goesOn, stepSettledFact(facts.length + 1));
    });
  });
}
