/** Plain tables: columns wide enough for their cells, two spaces apart, no lines. */
import { columnsOf } from "@millrace/core";

/** One column. */
export interface Column {
  /** Its heading. */
  readonly title: string;
  /** Numbers and durations stand right. Default left. */
  readonly align?: "left" | "right";
  /** Left out where there is no room for all columns. */
  readonly optional?: true;
}

const GAP = 2;

/**
 * Lines of a table: a heading, then the rows. Cells may be coloured; their colours take no room. Where lines would be longer
 * than `room`, optional columns are left out, the last one first.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  room: number = Number.POSITIVE_INFINITY,
): readonly string[] {
  const all = [columns.map((c) => c.title), ...rows];
  // Not as arguments of Math.max: a call takes only so many.
  const widths = columns.map((_, i) => all.reduce((widest, row) => Math.max(widest, columnsOf(row[i] ?? "")), 0));
  const last = columns.findLastIndex((column) => column.optional);
  if (last >= 0 && widths.reduce((sum, one) => sum + one + GAP, -GAP) > room) {
    const without = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, i) => i !== last);
    return tableLines(without(columns), rows.map(without), room);
  }
  return all.map((row) =>
    row
      .map((cell, i) => {
        const pad = " ".repeat((widths[i] ?? 0) - columnsOf(cell));
        return columns[i]?.align === "right" ? pad + cell : cell + pad;
      })
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}
