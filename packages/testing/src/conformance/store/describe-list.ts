/** The list of runs is a fold over their facts. A part of the store's suite. */
import type { BuildHash, Fact, RunId, RunStore } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { runStartedFact, stepSettledFact } from "../samples/sample-facts.js";
import { A, B, ME, OTHER, type StoreUnderTest } from "./store-under-test.js";

/** Declares this part. */
export function describeList(subject: StoreUnderTest): void {
  describe("the list", () => {
    it("folds the state of a run over its facts", async () => {
      const lease = await subject.store.acquire(A, ME);
      const at = 1_700_000_000_000;
      // Safe: to the store it is an opaque text.
      const build = "b2" as BuildHash;
      const steps: [Fact, Record<string, unknown>][] = [
        [runStartedFact("F", at), { state: "running", startedAt: at, updatedAt: at, seq: 1, build: "b1" }],
        [stepSettledFact(2), { state: "running", startedAt: at, updatedAt: at + 2, seq: 2 }],
        [
          { kind: "run-suspended", seq: 3, at: at + 3, reason: "wait", message: "m" },
          { state: "suspended", reason: "wait" },
        ],
        [
          { kind: "run-resumed", seq: 4, at: at + 4, build, dropped: [] },
          { state: "running", build: "b2", reason: undefined },
        ],
        [{ kind: "run-ended", seq: 5, at: at + 5, state: "failed", blamed: [], orphans: [] }, { state: "failed" }],
        [{ kind: "run-resumed", seq: 6, at: at + 6, build, dropped: [2] }, { state: "running" }],
        [
          { kind: "run-ended", seq: 7, at: at + 7, state: "succeeded", blamed: [], orphans: [] },
          { state: "succeeded", updatedAt: at + 7 },
        ],
        [stepSettledFact(8), { state: "succeeded", seq: 8 }],
      ];
      for (const [fact, expected] of steps) {
        await subject.append(lease, fact);
        const [line] = await subject.store.list({ run: A });
        expect({ reason: undefined, ...line }).toMatchObject({ id: A, flow: "F", ...expected });
      }
    });

    it("is newest first, whole, of one flow, or of one run", async () => {
      const runs: [RunId, string, number][] = [
        [A, "F", 100],
        [B, "G", 300],
        ["run-c" as RunId, "F", 200],
        ["run-d" as RunId, "F", 200],
      ];
      for (const [run, flow, at] of runs)
        await subject.append(await subject.store.acquire(run, ME), runStartedFact(flow, at));
      const ids = async (filter?: Parameters<RunStore["list"]>[0]): Promise<string[]> =>
        (await subject.store.list(filter)).map((run) => run.id);
      expect(await ids()).toEqual([B, "run-d", "run-c", A]);
      expect(await ids({ flow: "F" })).toEqual(["run-d", "run-c", A]);
      expect(await ids({ run: B })).toEqual([B]);
      expect(await ids({ run: B, flow: "F" })).toEqual([]);
      expect(await ids({ flow: "none" })).toEqual([]);
    });

    it("names the owner while it lives and holds the run", async () => {
      const lease = await subject.store.acquire(A, ME);
      await subject.append(lease, runStartedFact());
      expect((await subject.store.list())[0]?.owner).toStrictEqual(ME);
      expect((await subject.store.list({ run: A }))[0]?.owner).toStrictEqual(ME);
      await subject.store.release([lease]);
      expect((await subject.store.list())[0]).not.toHaveProperty("owner");
      await subject.store.acquire(A, { ...OTHER, pid: 2 ** 22 + 1 });
      expect((await subject.store.list())[0]).not.toHaveProperty("owner");
    });
  });
}
