import { bytesInMemory, type Fact, type RunId } from "@millrace/core";
import { expect, it } from "vitest";
import { foldSummary } from "./summary-fold.js";

// Safe: a well-formed run id, and a build that is only carried along.
const run = "run-a" as RunId;
const value = bytesInMemory(new Uint8Array());
const started: Fact = { kind: "run-started", seq: 1, at: 5, flow: "F", build: "b" as never, seed: "", params: value };

it("follows the numbers without a gap", () => {
  const first = foldSummary(run, undefined, started);
  expect(first).toEqual({ id: run, flow: "F", build: "b", state: "running", startedAt: 5, updatedAt: 5, seq: 1 });
  const message: Fact = { kind: "message", id: "m", seq: 2, at: 9, name: "n", value };
  expect(foldSummary(run, first, message)).toEqual({ ...first, updatedAt: 9, seq: 2 });
  expect(() => foldSummary(run, first, { ...message, seq: 3 })).toThrow(/does not follow/);
  expect(() => foldSummary(run, undefined, { ...message, seq: 1 })).toThrow(/begins with/);
});

it("forgets why a run was suspended once it goes on or ends", () => {
  const first = foldSummary(run, undefined, started);
  const waiting = foldSummary(run, first, { kind: "run-suspended", seq: 2, at: 6, reason: "wait", message: "" });
  expect(waiting).toMatchObject({ state: "suspended", reason: "wait" });
  const ended = foldSummary(run, waiting, {
    kind: "run-ended",
    seq: 3,
    at: 7,
    state: "aborted",
    blamed: [],
    orphans: [],
  });
  expect(ended).toMatchObject({ state: "aborted" });
  expect(ended).not.toHaveProperty("reason");
});
