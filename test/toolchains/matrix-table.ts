/** The matrix as Markdown: what `npm run matrix` prints and docs/toolchains.md shows. */
import { SHAPES, STYLES } from "./styles.js";
import { TOOLCHAINS } from "./toolchains.js";

/** What was seen of one shape in one style under one toolchain: "ok", or what went wrong. */
export interface Cell {
  /** The flow and its task as the toolchain compiled them, run by an engine of tests. */
  readonly inline: string;
  /** The build, started by the flow as the toolchain compiled it. */
  readonly handle: string;
}

/** `cells` by style, toolchain and shape. */
export type Cells = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Cell>>>>>>;

/** One line for each style and toolchain. */
export function matrixTable(cells: Cells): string {
  const header = ["style", "toolchain", ...SHAPES.map((shape) => shape.replace("-", " "))];
  const rows = STYLES.flatMap((style) =>
    TOOLCHAINS.map(({ title }) => [
      style.id,
      title,
      ...SHAPES.map((shape) => cellText(cells[style.id]?.[title]?.[shape])),
    ]),
  );
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return "not run";
  const failed = [cell.inline !== "ok" && "inline", cell.handle !== "ok" && "handle"].filter((way) => way !== false);
  return failed.length === 0 ? "✓" : `✗ ${failed.join(", ")}`;
}
