/** A flow graph as a Mermaid flowchart. Pure; `flow graph --format mermaid` prints it. */
import { type Arrow, type Box, drawGraph } from "./drawing.js";
import type { FlowGraph } from "./flow-graph.js";

/** Mermaid source of a graph, ending in a newline. */
export function renderMermaid(graph: FlowGraph): string {
  const { boxes, arrows } = drawGraph(graph);
  const hints = arrows.some((arrow) => arrow.kind === "sequence");
  const lines = [
    "flowchart TD",
    ...boxes.flatMap((box) => boxLines(box, "  ")),
    ...arrows.map(arrowLine),
    ...(hints ? ['  legend["plain lines: order of the source, nothing flows"]:::legend'] : []),
    "  classDef dynamic stroke-dasharray: 5 4,stroke:#b45309,fill:#fef3c7,color:#78350f",
    "  classDef flow stroke-width:3px",
    "  classDef arm fill:none,stroke-dasharray: 2 3",
    "  classDef legend fill:none,stroke:none,font-size:11px",
  ];
  return `${lines.join("\n")}\n`;
}

function boxLines(box: Box, indent: string): readonly string[] {
  const title = quote(box.title);
  if (box.type === "leaf") return [`${indent}${box.name}${shapeOf(box, title)}`];
  const content = box.content.flatMap((inner) => boxLines(inner, `${indent}  `));
  const kind = box.type === "arm" ? "arm" : box.node.kind === "subflow" ? "flow" : undefined;
  const style = kind === undefined ? [] : [`${indent}class ${box.name} ${kind}`];
  return [`${indent}subgraph ${box.name} [${title}]`, ...content, `${indent}end`, ...style];
}

function shapeOf(box: Extract<Box, { type: "leaf" }>, title: string): string {
  switch (box.node.kind) {
    case "subflow":
      return `[[${title}]]:::flow`;
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return `(${title})`;
    case "dynamic":
      return `{{${title}}}:::dynamic`;
    default:
      return `[${title}]`;
  }
}

function arrowLine(arrow: Arrow): string {
  const label = arrow.labels.length > 0 ? `|${quote(arrow.labels)}|` : "";
  return `  ${arrow.from} ${lineOf(arrow)}${label} ${arrow.to}`;
}

function lineOf({ kind, may }: Arrow): string {
  switch (kind) {
    case "data":
      return may ? "-.->" : "-->";
    case "control":
    case "order":
      return "-.->";
    case "sequence":
      return "---";
  }
}

/** Mermaid reads entities in quoted text, and would take bare quotes, brackets and ampersands for its own. */
function quote(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replace(/[#&"<>`]/g, (char) => `#${char.charCodeAt(0)};`));
  return `"${escaped.join("<br/>")}"`;
}
