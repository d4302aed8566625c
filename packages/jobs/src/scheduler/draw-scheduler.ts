/** The drawing of a scheduler, as source text or as a picture. */
import { drawJobGraph, type JobGraph, renderDot, renderMermaid } from "@millrace/core";

/** What can be drawn at once. */
export type TextFormat = "dot" | "mermaid";

/** Draws the graph of a scheduler as source text. */
export function drawText(graph: JobGraph, format: TextFormat): string {
  const drawing = drawJobGraph(graph);
  return format === "dot" ? renderDot(drawing) : renderMermaid(drawing);
}

/** Draws it as SVG. */
export async function drawPicture(graph: JobGraph): Promise<string> {
  // Only who wants a picture loads the library that makes its layout.
  const { renderJobGraphSvg } = await import("@millrace/core/picture");
  return renderJobGraphSvg(graph);
}
