/** What the lines of a picture mean: an entry for each kind that occurs, in rows below it. */
import type { Arrow } from "../graph/drawing.js";
import { FONTS, textWidth } from "./measure-text.js";
import type { Size } from "./picture-box.js";

/** An entry, from its left end on the middle of its line. */
export interface LegendEntry {
  readonly x: number;
  readonly y: number;
  /** An arrow that looks like those that are meant. */
  readonly sample: Arrow;
  readonly text: string;
}

/** All entries, measured from the lower left corner of what is explained. */
export interface Legend extends Size {
  readonly entries: readonly LegendEntry[];
}

/** Length of the line that is shown as a sample, and the gap before its words. */
export const SAMPLE = { long: 34, gap: 8 };
const APART = 22;
const SIDE = 24;
const BOTTOM = 18;

/** The legend of arrows, in rows of at most `width` pixels but for entries that are longer. */
export function legendOf(arrows: readonly Arrow[], width: number): Legend {
  const samples = new Map(arrows.map((arrow) => [meaningOf(arrow), arrow]));
  const entries: LegendEntry[] = [];
  let [x, row, widest] = [SIDE, 0, 0];
  for (const [text, sample] of [...samples].sort(([, a], [, b]) => orderOf(a) - orderOf(b))) {
    const room = SAMPLE.long + SAMPLE.gap + textWidth(text, FONTS.note);
    if (x > SIDE && x + room + SIDE > width) {
      x = SIDE;
      row += 1;
    }
    entries.push({ x, y: (row + 0.5) * FONTS.note.line, sample, text });
    x += room + APART;
    widest = Math.max(widest, x - APART + SIDE);
  }
  return { entries, width: widest, height: entries.length > 0 ? (row + 1) * FONTS.note.line + BOTTOM : 0 };
}

function meaningOf({ kind, error, derived, may }: Arrow): string {
  switch (kind) {
    case "data": {
      const value = error ? "error" : "result";
      const how = derived ? `computed from the ${value}` : `${value} passed as this parameter`;
      return may ? `${how}, on some paths` : how;
    }
    case "control":
      return "decides whether, or how often";
    case "order":
      return "runs before";
    case "sequence":
      return "stands before; passes nothing";
  }
}

const KINDS: readonly Arrow["kind"][] = ["data", "control", "order", "sequence"];

/** Plain values first, then what is less sure, then what is no value. */
function orderOf({ kind, error, derived, may }: Arrow): number {
  return KINDS.indexOf(kind) * 8 + Number(error) * 4 + Number(derived) * 2 + Number(may);
}
