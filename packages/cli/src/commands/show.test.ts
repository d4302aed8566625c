import type { BuildHash, RunHeader, RunId, StepKey, StepView } from "@millrace/core";
import picocolors from "picocolors";
import { expect, test } from "vitest";
import { runsTable } from "./runs.js";
import { type SelectedSteps, selectSteps, viewLines } from "./show.js";

const plain = picocolors.createColors(false);
const start = new Date(2026, 0, 2, 12, 4, 31).getTime();

function step(n: number, more: Partial<StepView> = {}): StepView {
  return {
    key: `CityReport/CityReport.run%23x/${n}` as StepKey,
    node: "Fetch",
    task: "Fetch",
    state: "succeeded",
    source: "ran",
    attempts: 1,
    startedAt: start,
    endedAt: start + 640,
    params: { city: "Oslo" },
    ...more,
  };
}

function headerOf(steps: readonly StepView[], more: Partial<RunHeader> = {}): RunHeader {
  const totals = { total: steps.length, succeeded: 1, failed: 1, skipped: 0, aborted: 0, restored: 1, cached: 0 };
  return {
    id: "oslo-1" as RunId,
    flow: "CityReport",
    build: "0123456789abcdef0123" as BuildHash,
    state: "failed",
    startedAt: start,
    updatedAt: start + 12_300,
    endedAt: start + 12_300,
    resumes: 1,
    params: { cities: ["Oslo"] },
    error: { name: "TypeError", message: "down" },
    totals,
    orphans: 0,
    ...more,
  };
}

function selected(steps: readonly StepView[]): Promise<SelectedSteps> {
  async function* all(): AsyncGenerator<StepView> {
    yield* steps;
  }
  return selectSteps(all());
}

test("a run is shown with its facts and a table of its steps", async () => {
  const steps = [
    step(0, { source: "restored" }),
    step(1, { state: "failed", attempts: 3, error: { name: "TypeError", message: "down\nand out" } }),
  ];
  expect(viewLines(headerOf(steps), await selected(steps), plain)).toEqual([
    "CityReport oslo-1  failed",
    "started   2026-01-02 12:04:31, resumed once",
    "ended     2026-01-02 12:04:43, after 12.3 s",
    "build     0123456789abcdef",
    "steps     2 steps: 1 failed, 1 restored",
    'params    {"cities":["Oslo"]}',
    "error     TypeError: down",
    "",
    "STEP     STATE      SOURCE    TRIES    TIME  ERROR",
    "Fetch    succeeded  restored      1  640 ms",
    "Fetch#2  failed                   3  640 ms  TypeError: down",
  ]);
});

test("a running run without an owner is lost", () => {
  expect(viewLines(headerOf([], { state: "running" }), { steps: [], left: 0 }, plain)[0]).toBe(
    "CityReport oslo-1  lost (process gone)",
  );
});

test("of a very long run, what did not go well is always shown", async () => {
  const steps = Array.from({ length: 5_000 }, (_, i) => step(i, i === 7 ? { state: "failed" } : {}));
  const lines = viewLines(headerOf(steps), await selected(steps), plain);
  expect(lines.some((line) => line.startsWith("Fetch#8  "))).toBe(true);
  expect(lines.at(-1)).toBe("4,800 more steps; --json has all");
});

test("the list of runs tells living runs from lost ones", () => {
  const base = {
    flow: "CityReport",
    build: "0123456789abcdef" as BuildHash,
    startedAt: start,
    updatedAt: start + 500,
    seq: 3,
  };
  const owner = { pid: 1, processStart: "", boot: "", host: "", engine: "" };
  const lines = runsTable(
    [
      { ...base, id: "b" as RunId, state: "running", owner },
      { ...base, id: "a" as RunId, state: "running" },
      { ...base, id: "c" as RunId, state: "suspended", reason: "interrupt" },
    ],
    start + 61_000,
  );
  expect(lines.map((l) => l.replace(/ {2,}/g, "|"))).toEqual([
    "RUN|FLOW|STATE|STARTED|TIME|BUILD",
    "b|CityReport|running|2026-01-02 12:04:31|1 min 01 s|01234567",
    "a|CityReport|lost (process gone)|2026-01-02 12:04:31|500 ms|01234567",
    "c|CityReport|suspended (interrupt)|2026-01-02 12:04:31|500 ms|01234567",
  ]);
});
