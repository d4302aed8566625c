/** Rows of help: flags left, meaning right, wrapped at the width of the terminal. */
import { columnsOf } from "@millrace/core";
import { type Colors, colorsFor } from "./streams.js";
import { wrapWords } from "./wrap-words.js";

/** One row. */
export interface HelpTextRow {
  readonly flags: string;
  readonly meaning: string;
  /** Shown dim behind the meaning, in parentheses. */
  readonly facts?: string;
}

/** Lines of one section, with its title. Columns align over all sections that share `flagWidth`. */
export function helpSection(title: string, rows: readonly HelpTextRow[], flagWidth: number): readonly string[] {
  const colors = colorsFor(process.stdout);
  const room = Math.max(40, Math.min(process.stdout.columns ?? 80, 120)) - flagWidth - 4;
  return [colors.bold(title), ...rows.flatMap((row) => rowLines(row, flagWidth, room, colors)), ""];
}

/** Width of the flag column for these rows. */
export function flagColumn(rows: readonly HelpTextRow[]): number {
  return Math.min(32, Math.max(0, ...rows.map((row) => columnsOf(row.flags))));
}

function rowLines(row: HelpTextRow, flagWidth: number, room: number, colors: Colors): readonly string[] {
  const words = row.meaning.split(" ").filter((word) => word !== "");
  const facts = row.facts ? [`(${row.facts})`] : [];
  const lines = wrapWords([...words, ...facts], room).map((line) => {
    const at = row.facts ? line.lastIndexOf(`(${row.facts})`) : -1;
    return at < 0 ? line : line.slice(0, at) + colors.dim(line.slice(at));
  });
  const indent = " ".repeat(flagWidth + 4);
  const head = `  ${colors.cyan(row.flags)}`;
  // Flags too wide for their column have a line of their own.
  if (columnsOf(row.flags) > flagWidth) return [head, ...lines.map((line) => indent + line)];
  const pad = " ".repeat(flagWidth - columnsOf(row.flags) + 2);
  return lines.length === 0 ? [head] : lines.map((line, i) => (i === 0 ? head + pad : indent) + line);
}
