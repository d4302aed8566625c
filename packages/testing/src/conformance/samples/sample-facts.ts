/** Facts for tests of what keeps or reads them: one of each kind with every field, and a plain form that `expect` can compare. */
import {
  type ActivationPath,
  type BuildHash,
  bytesInMemory,
  type Fact,
  type Identity,
  type Site,
  type StepKey,
  type StepSettled,
  type StoredBytes,
} from "@millrace/core";

/** Bytes of a text, as a value of a fact. */
export function storedText(text: string): StoredBytes {
  return bytesInMemory(new TextEncoder().encode(text));
}

// Safe, all casts: to the store these are opaque texts.
const place = {
  key: "F/F.run#fetch@x/0" as StepKey,
  site: "F.run#fetch@x" as Site,
  node: "F.run/fetch",
  body: "F" as ActivationPath,
};
const identity = "Zm9vYmFy" as Identity;

/** The first fact of any run. */
export function runStartedFact(flow = "F", at = 1_700_000_000_000): Fact {
  return {
    kind: "run-started",
    seq: 1,
    at,
    flow,
    build: "b1" as BuildHash,
    seed: "seed",
    params: storedText("params"),
  };
}

/** A settled step with a result. */
export function stepSettledFact(seq: number, value: StoredBytes = storedText(`result ${seq}`)): StepSettled {
  return {
    kind: "step-settled",
    seq,
    at: 1_700_000_000_000 + seq,
    ...place,
    key: `F/F.run#fetch@x/${seq}` as StepKey,
    identity,
    task: "Fetch",
    state: "succeeded",
    source: "ran",
    params: storedText(`params ${seq}`),
    value,
    attempts: 1,
    readyAt: 1_700_000_000_000,
    startedAt: 1_700_000_000_001.25,
    endedAt: 1_700_000_000_002.5,
  };
}

/** Every kind with every field, in order; the run has ended with the last one but late facts may follow. */
export function everyFact(): readonly Fact[] {
  const settled = { ...place, identity, attempts: 2, readyAt: 1, startedAt: 2, endedAt: 3 };
  const facts: DistributiveOmit<Fact, "seq" | "at">[] = [
    {
      kind: "run-started",
      flow: "F",
      build: "b1" as BuildHash,
      seed: "s",
      params: storedText("p"),
    },
    {
      kind: "step-settled",
      ...settled,
      task: "T",
      state: "succeeded",
      source: "cached",
      cacheable: true,
      attemptStartedAt: 3,
      params: storedText("p"),
      value: storedText("v"),
    },
    {
      kind: "step-settled",
      ...settled,
      task: "T",
      state: "aborted",
      source: "ran",
      cause: "body",
      late: true,
      error: storedText("e"),
    },
    {
      kind: "step-settled",
      ...place,
      identity,
      attempts: 0,
      readyAt: 1,
      endedAt: 3,
      task: "T",
      state: "skipped",
      source: "restored",
    },
    {
      kind: "activation-settled",
      ...settled,
      task: "Sub",
      state: "failed",
      source: "ran",
      activation: "subflow",
      steps: 12,
      params: storedText("p"),
      error: storedText("e"),
    },
    {
      kind: "attempt-failed",
      ...place,
      identity,
      task: "T",
      attempt: 2,
      spentMs: 1_250,
      error: storedText("e"),
      startedAt: 2,
      endedAt: 3,
    },
    { kind: "message", id: "m1", name: "approval", value: storedText("v") },
    { kind: "timer", key: place.key, body: place.body, due: 4_102_444_800_000 },
    { kind: "shared-commit", key: place.key, name: "__proto__", value: storedText("v") },
    { kind: "shared-commit", key: place.key, name: "gone\ud800" },
    { kind: "shared-used", ...settled, task: "get", state: "succeeded", source: "ran", value: storedText("v") },
    { kind: "breakpoint", id: "b1", change: "set", selector: "T" },
    { kind: "step-held", ...place, task: "T", selector: "T" },
    { kind: "run-suspended", reason: "stalled", message: "waits for approval" },
    { kind: "run-resumed", build: "b2" as BuildHash, dropped: [2, 5], accepted: true },
    { kind: "record-moved", ...place, record: 2 },
    {
      kind: "run-ended",
      state: "failed",
      value: storedText("v"),
      error: storedText("e"),
      blamed: [place.key],
      orphans: [3],
    },
  ];
  // Safe: each element is a whole fact once it has its number and time.
  return facts.map((fact, index) => ({ ...fact, seq: index + 1, at: 1_700_000_000_000 + index / 4 }) as Fact);
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
