/** The matrix as Markdown: what `npm run matrix` prints and docs/toolchains.md shows. */
import { BLANKS, blankOf } from "./blanks.js";
import { STYLES } from "./styles.js";
import { TOOLCHAINS } from "./toolchains.js";

/** What was seen of one shape in one style under one toolchain: "ok", or what went wrong. */
export interface Cell {
  /** The class, run as the toolchain compiled it. */
  readonly inline: string;
  /** The flow, started by the class as the toolchain compiled it. */
  readonly handle: string;
}

/** `cells` by style, toolchain and shape. */
export type Cells = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Cell>>>>>>;

const SHAPES = [...new Set(STYLES.flatMap(({ shapes }) => shapes))];
const REASONS = [...new Set(BLANKS.map(({ reason }) => reason))];

/** The table and the reasons of its blanks. */
export function matrixTable(cells: Cells): string {
  const header = ["style", "toolchain", ...SHAPES.map((shape) => shape.replace("-", " "))];
  const rows = STYLES.flatMap((style) =>
    TOOLCHAINS.map((toolchain) => [
      style.id,
      toolchain.title,
      ...SHAPES.map((shape) => cellText(cells[style.id]?.[toolchain.title]?.[shape], style.id, toolchain.title)),
    ]),
  );
  const lines = [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  return [...lines, "", ...REASONS.map((reason, i) => `${i + 1}. ${reason}`)].join("\n");
}

function cellText(cell: Cell | undefined, style: string, toolchain: string): string {
  // The style has no such shape.
  if (cell === undefined) return "";
  const failed = [cell.inline !== "ok" && "inline", cell.handle !== "ok" && "handle"].filter((way) => way !== false);
  const blank = blankOf(style, toolchain);
  if (blank && failed.length === 2) return `– (${REASONS.indexOf(blank.reason) + 1})`;
  return failed.length === 0 ? "✓" : `✗ ${failed.join(", ")}`;
}
