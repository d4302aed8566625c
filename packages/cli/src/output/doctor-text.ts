/** The findings of `flow doctor` for people: a line for each check, the remedy below what is not well, counts at the end. */
import { columnsOf, type DoctorCheck, type DoctorDocument, formatCount, padToWidth } from "@millrace/core";
import type { Colors } from "./streams.js";
import { wrapWords } from "./wrap-words.js";

/** How it is shown. */
export interface DoctorTextStyle {
  readonly colors: Colors;
  /** Columns of the terminal. */
  readonly columns: number;
}

const STATE_WIDTH = "warning".length;

/** The lines. */
export function doctorLines({ checks, counts }: DoctorDocument, style: DoctorTextStyle): readonly string[] {
  const names = Math.max(...checks.map(({ name }) => columnsOf(name)));
  return [...checks.flatMap((check) => checkLines(check, names, style)), "", countsLine(counts, style.colors)];
}

function checkLines(check: DoctorCheck, names: number, { colors, columns }: DoctorTextStyle): readonly string[] {
  const indent = " ".repeat(STATE_WIDTH + names + 4);
  const room = Math.max(30, columns - indent.length);
  const head = `${stateText(check.state, colors)}  ${padToWidth(check.name, names)}  `;
  const finding = wrapWords(check.finding.split(" "), room);
  const remedy = check.remedy === undefined ? [] : wrapWords(check.remedy.split(" "), room - 2);
  return [
    ...finding.map((line, i) => (i === 0 ? head : indent) + line),
    ...remedy.map((line, i) => `${indent}${colors.cyan(i === 0 ? "→ " : "  ")}${colors.cyan(line)}`),
  ];
}

function stateText(state: DoctorCheck["state"], colors: Colors): string {
  const text = padToWidth(state, STATE_WIDTH);
  switch (state) {
    case "ok":
      return colors.green(text);
    case "warning":
      return colors.yellow(text);
    case "problem":
      return colors.red(text);
  }
}

function countsLine({ ok, warnings, problems }: DoctorDocument["counts"], colors: Colors): string {
  const total = formatCount(ok + warnings + problems, "check");
  if (warnings + problems === 0) return colors.green(`${total}: all is well`);
  const parts = [
    ...(problems > 0 ? [colors.red(formatCount(problems, "problem"))] : []),
    ...(warnings > 0 ? [colors.yellow(formatCount(warnings, "warning"))] : []),
  ];
  return `${total}: ${parts.join(", ")}`;
}
