/** The drawing of a scheduler, as source text or as a picture. */
import { drawJobGraph, renderDot, renderMermaid, type StepKey } from "@millrace/core";
import { oneLine } from "./outcome-text.js";
import type { WrittenScheduler } from "./write-graph.js";

/** What can be drawn at once. */
export type TextFormat = "dot" | "mermaid";

/** What is drawn: the graph says what there is, the jobs what it is called. */
type Drawn = Pick<WrittenScheduler, "graph" | "keys">;

/** Draws a scheduler as source text. */
export function drawText(drawn: Drawn, format: TextFormat): string {
  const drawing = drawJobGraph(drawn.graph, undefined, labelsOf(drawn));
  return format === "dot" ? renderDot(drawing) : renderMermaid(drawing);
}

/** Draws it as SVG. */
export async function drawPicture(drawn: Drawn): Promise<string> {
  // Only who wants a picture loads the library that makes its layout.
  const { renderJobGraphSvg } = await import("@millrace/core/picture");
  return renderJobGraphSvg(drawn.graph, undefined, labelsOf(drawn));
}

function labelsOf({ keys }: Drawn): ReadonlyMap<StepKey, string> {
  return new Map([...keys].flatMap(([{ label }, key]) => (label === "" ? [] : [[key, oneLine(label)]])));
}
