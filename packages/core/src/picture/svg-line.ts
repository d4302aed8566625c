/** The line of an arrow as SVG: straight down, with soft bends between, and a head. */
import type { Arrow } from "../graph/drawing.js";
import type { PlacedArrow } from "./lay-out.js";
import type { Run } from "./layer-children.js";

/** Length of an arrow's head, and half of its breadth. */
const HEAD = { long: 8, half: 4.5 };

/** Classes of an arrow: its kind, and in which way its value arrives. */
export function arrowClasses({ kind, derived, may, error }: Arrow): string {
  const ways = [...(derived ? ["derived"] : []), ...(may ? ["may"] : []), ...(error ? ["error"] : [])];
  return ["edge", kind, ...ways].join(" ");
}

/** Line and head of an arrow. */
export function svgLine({ arrow, runs, upwards }: Pick<PlacedArrow, "arrow" | "runs" | "upwards">): readonly string[] {
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last) return [];
  const line = `<path class="line" d="${pathOf(runs)}"/>`;
  if (arrow.kind === "sequence") return [line];
  const tip = upwards ? first.top : last.bottom;
  const back = upwards ? tip + HEAD.long : tip - HEAD.long;
  const x = upwards ? first.x : last.x;
  const close = arrow.kind === "order" ? "" : "Z";
  const head = `M${px(x - HEAD.half)} ${px(back)}L${px(x)} ${px(tip)}L${px(x + HEAD.half)} ${px(back)}${close}`;
  return [line, `<path class="head" d="${head}"/>`];
}

/** A coordinate, to a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function pathOf(runs: readonly Run[]): string {
  let path = "";
  let at: { readonly x: number; readonly y: number } | undefined;
  for (const { x, top, bottom, anew } of runs) {
    if (at === undefined || anew) path += `M${px(x)} ${px(top)}`;
    else if (px(x) === px(at.x)) path += `V${px(top)}`;
    else {
      const half = (top - at.y) / 2;
      path += `C${px(at.x)} ${px(at.y + half)} ${px(x)} ${px(top - half)} ${px(x)} ${px(top)}`;
    }
    if (px(bottom) !== px(top)) path += `V${px(bottom)}`;
    at = { x, y: bottom };
  }
  return path;
}
