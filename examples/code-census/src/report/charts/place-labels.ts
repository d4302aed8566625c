/**
 * Finds a side for each dot's name so that names cover neither each other nor other dots: first come, first served,
 * for a chart of about the given size. What fits nowhere has no name; hovering shows it.
 */

/** A dot to be named, in pixels of the chart. */
export interface LabelledDot {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

/** Where a name stands, seen from its dot. */
export type LabelSide = "right" | "left" | "top" | "bottom";

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const SIDES: readonly LabelSide[] = ["right", "left", "top", "bottom"];
/** Half a dot with some air, half a line of text, width of a character: px at 12 px type. */
const DOT = 8;
const HALF_LINE = 8;
const CHARACTER = 6.3;

/** A side for each dot, in order; undefined where a name would cover something, or repeat the name of an earlier dot. */
export function placeLabels(dots: readonly LabelledDot[]): readonly (LabelSide | undefined)[] {
  const taken: Box[] = dots.map(({ x, y }) => ({ left: x - DOT, right: x + DOT, top: y - DOT, bottom: y + DOT }));
  const named = new Set<string>();
  return dots.map((dot, index) => {
    if (named.has(dot.name)) return undefined;
    const side = SIDES.find((candidate) => {
      const box = labelBox(dot, candidate);
      return box.left >= 0 && taken.every((other, i) => i === index || !overlap(box, other));
    });
    if (side) {
      taken.push(labelBox(dot, side));
      named.add(dot.name);
    }
    return side;
  });
}

function labelBox({ x, y, name }: LabelledDot, side: LabelSide): Box {
  const width = name.length * CHARACTER;
  const left = side === "right" ? x + DOT : side === "left" ? x - DOT - width : x - width / 2;
  const middle = side === "top" ? y - DOT - HALF_LINE : side === "bottom" ? y + DOT + HALF_LINE : y;
  return { left, right: left + width, top: middle - HALF_LINE, bottom: middle + HALF_LINE };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
