/** The timeline of a report: the marks behind all rows, and the bar of each step. Places are percent, so that it is as wide as the page. */
import { formatDuration } from "@millrace/core";
import { escapeXml } from "@millrace/core/picture";
import type { ReportedStep } from "./report-data.js";
import type { TimeScale } from "./time-scale.js";

/** What takes no time is seen all the same, percent. */
const LEAST = 0.3;

/** Labels of the marks, and of the pauses between. */
export function drawAxis({ ticks, cuts, place }: TimeScale): string {
  const text = (at: number, words: string, kind: string): string => {
    const anchor = at < 4 ? "start" : at > 96 ? "end" : "middle";
    return `<text class="${kind}" x="${percent(at)}" y="14" text-anchor="${anchor}">${escapeXml(words)}</text>`;
  };
  return svg("axis", [
    ...ticks.map(({ at, time }) => text(at, formatDuration(time), "tick")),
    ...cuts.map(({ from, to }) => text((place(from) + place(to)) / 2, `${formatDuration(to - from)} idle`, "pause")),
  ]);
}

/** Lines at the marks, and a ground for the pauses. */
export function drawGrid({ ticks, cuts, place }: TimeScale): string {
  return svg("grid", [
    ...cuts.map(({ from, to }) => bar("pause", place(from), place(to), "0", "100%")),
    ...ticks.map(({ at }) => `<line x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>`),
  ]);
}

/** The attempts of a step, and a thin line from its begin to its end. */
export function drawBar({ view, attempts }: ReportedStep, { place }: TimeScale, now: number): string {
  const { startedAt, endedAt, state } = view;
  if (startedAt === null) return svg("track", []);
  const end = endedAt ?? now;
  const tried = attempts.filter((one) => one.startedAt !== null);
  const bars = tried.map(({ attempt, startedAt: from, endedAt: to, error }, i) => {
    // How the last one ended is how the step did.
    const kind = i === tried.length - 1 && endedAt !== null ? state : error ? "failed" : "succeeded";
    const words = `attempt ${attempt}: ${formatDuration(to - (from ?? to))}`;
    return bar(kind, place(from ?? to), place(to), "5", "10", words);
  });
  const whole = bars.length === 0 ? [bar(state, place(startedAt), place(end), "5", "10")] : bars;
  return svg("track", [
    `<line x1="${percent(place(startedAt))}" x2="${percent(place(end))}" y1="10" y2="10"/>`,
    ...whole,
  ]);
}

function bar(kind: string, from: number, to: number, y: string, height: string, words?: string): string {
  const width = Math.max(LEAST, to - from);
  const title = words === undefined ? "" : `<title>${escapeXml(words)}</title>`;
  return `<rect class="${kind}" x="${percent(Math.min(from, 100 - LEAST))}" width="${percent(width)}" y="${y}" height="${height}">${title}</rect>`;
}

function svg(kind: string, content: readonly string[]): string {
  return `<svg class="${kind}" aria-hidden="true">${content.join("")}</svg>`;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 1_000}%`;
}
