/** Which jobs of many are shown where there is no room for all. */
import type { JobLine } from "./job-lines.js";
import type { JobState } from "./job-report.js";
import type { Standing } from "./outcome-text.js";

/** Those that tell most about how a run goes come first. */
const TELLING: readonly (readonly JobState[])[] = [
  ["running"],
  ["failed"],
  ["scheduled"],
  ["idle"],
  ["finished", "cancelled", "skipped"],
];

/** At most `room` lines, in their order: what runs, then what failed, then what is next, then what was over last. */
export function mostTelling(standing: Standing, room: number): readonly JobLine[] {
  const { lines } = standing;
  if (lines.length <= room) return lines;
  const shown = new Set<JobLine>();
  for (const states of TELLING) {
    const such = lines.filter(({ job }) => states.includes(standing.of(job).state));
    const left = room - shown.size;
    for (const line of such.length > left ? mostRecent(standing, such).slice(0, left) : such) shown.add(line);
  }
  return lines.filter((line) => shown.has(line));
}

/** What ended last comes first; what has not ended stays in order. */
function mostRecent(standing: Standing, lines: readonly JobLine[]): readonly JobLine[] {
  const endOf = ({ job }: JobLine): number => standing.of(job).endedAt ?? 0;
  return [...lines].sort((a, b) => endOf(b) - endOf(a));
}
