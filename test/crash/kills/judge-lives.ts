/** The judgement on the lives of a run: everything that the store guarantees, and that the end is what the record says. */
import type { Fact } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { expect } from "vitest";
import {
  isSettlement,
  type Life,
  live,
  ownDeliveries,
  ownLines,
  prefix,
  settledKeys,
  untilDelivery,
} from "../../engine/random-runs.js";
import { plain } from "../crash-project.js";
import type { History, KilledLife } from "./lives.js";

let replaying: Promise<unknown> = Promise.resolve();

/** Throws at the first thing that does not hold. */
export async function judge(project: TestProject, history: History, lives: readonly KilledLife[]): Promise<void> {
  for (const [n, life] of lives.entries()) judgeLife(`life ${n} (${life.failpoint || "not killed"})`, life);
  for (const [n, life] of lives.slice(1).entries()) {
    const before = lives[n] as KilledLife; // the one before it
    judgeNext(`life ${n + 1}, after ${before.failpoint || "its end"}`, before, life, history.accept === true);
  }
  await judgeEnd(project, history, lives);
}

/** What a dead process has left. */
function judgeLife(where: string, { integrity, facts, trace, announced }: KilledLife): void {
  expect(integrity, where).toBe("ok");
  expect(
    facts.map(({ seq }) => seq),
    where,
  ).toEqual(facts.map((_, i) => i + 1));
  const settled = new Set(settledKeys(facts));
  expect(
    announced.filter((key) => !settled.has(key)),
    `${where}: announced and not on record`,
  ).toEqual([]);
  expect(
    deliveriesIn(trace),
    `${where}: outcomes that the body has got and that are not on record`,
  ).toBeLessThanOrEqual(ownDeliveries(facts));
}

/** What the next process makes of it. */
function judgeNext(where: string, before: KilledLife, life: KilledLife, loose: boolean): void {
  expect(life.facts.slice(0, before.facts.length).map(plain), `${where}: the record of before`).toEqual(
    before.facts.map(plain),
  );
  const recorded = new Set(settledKeys(before.facts));
  expect(
    life.ran.filter((key) => recorded.has(key)),
    `${where}: recorded and run again`,
  ).toEqual([]);
  // One of them did not come to its body, or the new life has a new order on record, which is judged by its end.
  if (before.trace.length === 0 || life.trace.length === 0 || loose) return;
  const seen = Math.min(deliveriesIn(before.trace), deliveriesIn(life.trace));
  expect(untilDelivery(life.trace, seen), `${where}: another order`).toEqual(untilDelivery(before.trace, seen));
}

/** The end that was told is the one on record, and what the record alone leads to. */
async function judgeEnd(project: TestProject, history: History, lives: readonly KilledLife[]): Promise<void> {
  const last = lives.at(-1) as KilledLife; // a history has lives
  const { facts, end } = last;
  expect(["succeeded", "failed"], JSON.stringify(end)).toContain(end?.status);
  expect(
    facts.flatMap(({ kind }, i) => (kind === "run-ended" ? [i] : [])),
    "ends on record",
  ).toEqual([facts.length - 1]);
  const keys = settledKeys(facts);
  expect(
    keys.filter((key, i) => keys.indexOf(key) !== i),
    "settled twice",
  ).toEqual([]);
  const replay = await replayed(project, history, facts);
  expect(replay.ran, "what a replay of the whole record runs").toEqual([]);
  expect(replay.outcome, "what the record leads to").toBe(end?.said);
  if (last.trace.length > 0 && history.accept !== true) expect(ownLines(replay.trace)).toEqual(ownLines(last.trace));
}

/** What all but the end of a record leads to. One at a time: the module of the bodies speaks to this process by its global object. */
function replayed(project: TestProject, { program, seed }: History, facts: readonly Fact[]): Promise<Life> {
  const replay = replaying.then(async () =>
    live(project, await prefix(facts, facts.length - 1), { code: program, seed, resumed: true }),
  );
  replaying = replay.catch(() => {});
  return replay;
}

/** Outcomes that the run's own body has told of. */
function deliveriesIn(trace: readonly string[]): number {
  return ownLines(trace).filter((line) => / (got|failed) /.test(line)).length;
}

/** Steps on record when a life ended. */
export function stepsIn(facts: readonly Fact[]): number {
  return facts.filter((fact) => isSettlement(fact)).length;
}
