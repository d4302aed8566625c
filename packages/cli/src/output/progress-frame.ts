/** What the live display shows at one moment: a few lines, from the counts of a run. Pure; the observer draws it. */
import { columnsOf, cutToWidth, formatCount, formatDuration, padToWidth, stepLabel } from "@millrace/core";
import type { LiveStep, RunTally } from "@millrace/runtime";
import type { Colors } from "./streams.js";

/** The moment. */
export interface FrameInput {
  readonly flow: string;
  readonly run: string;
  readonly tally: RunTally;
  /** ms since 1970. */
  readonly now: number;
  /** Width of the terminal. */
  readonly columns: number;
  /** Height of the terminal. */
  readonly rows: number;
  readonly colors: Colors;
}

const STEPS_SHOWN = 8;
const BAR = 24;
const LABEL = 36;

/** Lines of the display, none wider than the terminal. */
export function progressFrame(input: FrameInput): readonly string[] {
  const { tally, now, columns, rows, colors } = input;
  const elapsed = formatDuration(Math.max(0, now - (tally.startedAt ?? now)));
  // The longest at work stand first: they are what one waits for. Queued steps are counted above.
  const busy = [...tally.live.values()].filter((live) => live.state !== "ready").sort((a, b) => a.since - b.since);
  // Two lines of counts above, two for the rest and the cursor below.
  const shown = busy.slice(0, Math.max(1, Math.min(STEPS_SHOWN, rows - 4)));
  const labels = shown.map((live) => cutToWidth(clean(stepLabel(live.step)), LABEL));
  const labelWidth = Math.max(0, ...labels.map(columnsOf));
  const lines = [
    `${colors.bold(input.flow)} ${colors.dim(input.run)}  ${elapsed}`,
    `  ${countsLine(tally, now, colors)}`,
    ...shown.map((live, i) => `  ${stepLine(live, padToWidth(labels[i] ?? "", labelWidth), input)}`),
  ];
  if (busy.length > shown.length) lines.push(colors.dim(`  + ${formatCount(busy.length - shown.length)} more`));
  return lines.map((line) => cutColoured(line, columns - 1));
}

function countsLine(tally: RunTally, now: number, colors: Colors): string {
  const { done, failed, restored, expected, isEstimate } = tally;
  const seconds = Math.max(1, (now - (tally.startedAt ?? now)) / 1_000);
  const share = expected === 0 ? 0 : done / expected;
  const full = Math.round(share * BAR);
  const bar = colors.green("━".repeat(full)) + colors.dim("━".repeat(BAR - full));
  const approximately = isEstimate ? "~" : "";
  const parts = [`${formatCount(done)} of ${approximately}${formatCount(expected)} steps`];
  if (failed > 0) parts.push(colors.red(`${formatCount(failed)} failed`));
  if (restored > 0) parts.push(colors.cyan(`${formatCount(restored)} restored`));
  const rate = (done - restored) / seconds;
  if (rate >= 1) parts.push(colors.dim(`${formatCount(Math.round(rate))}/s`));
  return `${bar}  ${parts.join("  ")}`;
}

function stepLine(live: LiveStep, label: string, { now, colors }: FrameInput): string {
  const since = formatDuration(Math.max(0, now - live.since)).padStart(8);
  if (live.state === "backing-off") {
    const wait = formatDuration(Math.max(0, (live.retryAt ?? now) - now));
    return `${colors.yellow("↻")} ${label}  ${colors.yellow(`attempt ${live.attempt + 1} in ${wait}`)}  ${clean(live.message ?? "")}`;
  }
  const percent = live.fraction === undefined ? "" : ` ${Math.round(live.fraction * 100)}`.padStart(4).concat(" %");
  const attempt = live.attempt > 1 ? colors.yellow(`  attempt ${live.attempt}`) : "";
  const message = live.message === undefined ? "" : `  ${clean(live.message)}`;
  return `${colors.cyan("▸")} ${label} ${colors.dim(since)}${percent}${attempt}${message}`;
}

/** One line without control characters: what comes from tasks must not move the cursor. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}

/** Cuts a coloured line at a width; attributes stay whole and are closed. */
function cutColoured(line: string, room: number): string {
  if (columnsOf(line) <= room) return line;
  let left = Math.max(1, room - 1);
  let out = "";
  let coloured = false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI attributes
  for (const [piece] of line.matchAll(/\u001b\[[\d;]*m|./gsu)) {
    if (piece.startsWith("\u001b")) {
      out += piece;
      coloured = true;
    } else if (left > 0) {
      left -= columnsOf(piece);
      out += left > 0 ? piece : "…";
    }
  }
  return coloured ? `${out}\u001b[0m` : out;
}
