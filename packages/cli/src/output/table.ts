/** Plain tables: columns wide enough for their cells, two spaces apart, no lines. */
import { width } from "./text-width.js";

/** One column. */
export interface Column {
  /** Its heading. */
  readonly title: string;
  /** Numbers and durations stand right. Default left. */
  readonly align?: "left" | "right";
}

/** Lines of a table: a heading, then the rows. Cells may be coloured; their colours take no room. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [columns.map((c) => c.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? ""))));
  return all.map((row) =>
    row
      .map((cell, i) => {
        const pad = " ".repeat((widths[i] ?? 0) - width(cell));
        return columns[i]?.align === "right" ? pad + cell : cell + pad;
      })
      .join("  ")
      .trimEnd(),
  );
}
