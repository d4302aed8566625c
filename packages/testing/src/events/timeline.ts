/** Draws executions as bars over the order of events, for messages of assertions. */
import { stepLabel } from "@millrace/core";
import type { Execution } from "./executions.js";

const WIDTH = 48;
const MOST = 30;

/**
 * One line each:
 *
 *     Fetch[Oslo]    ├─────┤              succeeded
 *     Fetch[Bergen]     ├────────┤        failed, attempt 2
 */
export function timeline(executions: readonly Execution[]): string {
  if (executions.length === 0) return "  nothing ran";
  const shown = executions.slice(0, MOST);
  const first = Math.min(...shown.map(({ begin }) => begin));
  const last = Math.max(...shown.map(({ begin, end }) => end ?? begin + 1));
  const column = (place: number): number => Math.round(((place - first) / Math.max(1, last - first)) * (WIDTH - 2));
  const labels = shown.map(({ step }) => stepLabel(step));
  const indent = Math.max(...labels.map((label) => label.length));
  const lines = shown.map(({ begin, end, outcome, attempt }, i) => {
    const from = column(begin);
    const to = Math.max(from + 1, end === undefined ? WIDTH - 1 : column(end));
    const bar = `${" ".repeat(from)}├${"─".repeat(to - from - 1)}${end === undefined ? "…" : "┤"}`.padEnd(WIDTH);
    const which = attempt > 1 ? `, attempt ${attempt}` : "";
    return `  ${(labels[i] ?? "").padEnd(indent)}  ${bar}  ${outcome}${which}`;
  });
  const rest = executions.length - shown.length;
  return [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join("\n");
}
