/** Where moments of a run stand on a line: in proportion, but for long stretches in which nothing ran, which are cut short. */
import type { StepView } from "@millrace/core";

/** A stretch of time, ms since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A mark on the line. */
export interface Tick {
  /** Percent of the line. */
  readonly at: number;
  /** ms since the run began, or since the pause before it. */
  readonly time: number;
}

/** The line. */
export interface TimeScale {
  /** Where a moment stands, in percent. */
  place(time: number): number;
  readonly ticks: readonly Tick[];
  /** What is cut short, in order. */
  readonly cuts: readonly Stretch[];
}

/** A pause that is longer than all work together is cut short, to this share of that. */
const CUT_TO = 0.06;
const MOST_TICKS = 8;

/** The scale of a run, from its begin to its newest record. */
export function timeScale(run: Stretch, steps: readonly Pick<StepView, "startedAt" | "endedAt">[]): TimeScale {
  const stretches = stretchesOf(run, steps);
  const total = stretches.reduce((sum, { width }) => sum + width, 0);
  const place = (time: number): number => {
    let before = 0;
    for (const { from, to, width } of stretches) {
      if (time <= to) return (100 * (before + (width * Math.max(0, time - from)) / (to - from))) / total;
      before += width;
    }
    return 100;
  };
  const whole = stretches.filter(({ isCut }) => !isCut);
  const unit = roundUnit(whole.reduce((sum, { width }) => sum + width, 0) / MOST_TICKS);
  const ticks = whole.flatMap(({ from, to }) =>
    Array.from({ length: Math.floor((to - from) / unit) + 1 }, (_, n) => ({
      at: place(from + n * unit),
      time: n * unit,
    }))
      // The end of a pause is marked by the pause.
      .slice(from === run.from ? 0 : 1),
  );
  return { place, ticks, cuts: stretches.filter(({ isCut }) => isCut) };
}

/** Pieces of the run, each with the room that it gets. */
function stretchesOf(
  run: Stretch,
  steps: readonly Pick<StepView, "startedAt" | "endedAt">[],
): readonly (Stretch & { readonly width: number; readonly isCut: boolean })[] {
  const to = Math.max(run.to, run.from + 1);
  const busy = union(
    steps.flatMap(({ startedAt, endedAt }) =>
      startedAt === null ? [] : [{ from: Math.max(startedAt, run.from), to: Math.min(endedAt ?? to, to) }],
    ),
  );
  const work = busy.reduce((sum, each) => sum + each.to - each.from, 0);
  const pauses = [...busy, { from: to, to }]
    .map((next, i) => ({ from: busy[i - 1]?.to ?? run.from, to: next.from }))
    .filter((pause) => work > 0 && pause.to - pause.from > work);
  const edges = [run.from, ...pauses.flatMap((pause) => [pause.from, pause.to]), to];
  return edges.slice(1).flatMap((end, i) => {
    const from = edges[i] as number;
    const isCut = i % 2 === 1;
    return end > from ? [{ from, to: end, isCut, width: isCut ? CUT_TO * work : end - from }] : [];
  });
}

/** Stretches that do not touch, in order. */
function union(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const UNITS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12, 24].map((n) => n * HOUR),
];

/** The least round time that is no less than one given. */
function roundUnit(atLeast: number): number {
  return UNITS.find((unit) => unit >= atLeast) ?? Math.ceil(atLeast / (24 * HOUR)) * 24 * HOUR;
}
