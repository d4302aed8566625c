/** A drawing as a Mermaid flowchart. Pure; `flow graph --format mermaid` prints it. */
import type { Arrow, Box, Drawing } from "./drawing.js";

/** Mermaid source of a drawing, ending in a newline. */
export function renderMermaid({ boxes, arrows }: Drawing): string {
  const hints = arrows.some((arrow) => arrow.kind === "sequence");
  const lines = [
    "flowchart TD",
    ...boxes.flatMap((box) => boxLines(box, "  ")),
    ...arrows.map(arrowLine),
    ...(hints ? ['  legend["plain lines: order of the source, nothing flows"]:::legend'] : []),
    "  classDef dynamic stroke-dasharray: 5 4,stroke:#b45309,fill:#fef3c7,color:#78350f",
    "  classDef flow stroke-width:3px",
    "  classDef arm fill:none,stroke-dasharray: 2 3",
    "  classDef critical stroke:#b91c1c,stroke-width:3px",
    "  classDef forever stroke-dasharray: 5 4",
    "  classDef legend fill:none,stroke:none,font-size:11px",
    ...(boxes.some(hasOutcome) ? OUTCOMES : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Of what has run. */
const OUTCOMES: readonly string[] = [
  "  classDef succeeded stroke:#15803d,stroke-width:2px",
  "  classDef failed stroke:#be123c,fill:#ffe4e6,color:#881337,stroke-width:3px",
  "  classDef aborted stroke:#b45309,stroke-width:2px",
  "  classDef skipped stroke-dasharray: 3 3,color:#64748b",
  "  classDef open stroke-dasharray: 3 3,color:#64748b",
];

/** A graph is drawn with what became of all its nodes, or of none. */
function hasOutcome(box: Box): boolean {
  return box.type !== "arm" && box.marks.some((mark) => mark !== "critical" && mark !== "forever");
}

function boxLines(box: Box, indent: string): readonly string[] {
  const title = quote(box.title);
  const marked = box.type === "arm" ? [] : box.marks.map((mark) => `${indent}class ${box.name} ${mark}`);
  if (box.type === "leaf") return [`${indent}${box.name}${shapeOf(box, title)}`, ...marked];
  const content = box.content.flatMap((inner) => boxLines(inner, `${indent}  `));
  const kind = box.type === "arm" ? "arm" : box.kind === "subflow" ? "flow" : undefined;
  const style = kind === undefined ? [] : [`${indent}class ${box.name} ${kind}`];
  return [`${indent}subgraph ${box.name} [${title}]`, ...content, `${indent}end`, ...style, ...marked];
}

function shapeOf(box: Extract<Box, { type: "leaf" }>, title: string): string {
  switch (box.kind) {
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
