/** A drawing in the DOT language of Graphviz. Pure; `flow graph --format dot` prints it. */
import { type Arrow, type Box, type BoxMark, type Drawing, leafOf } from "./drawing.js";

/** DOT source of a drawing, ending in a newline. */
export function renderDot({ boxes, arrows }: Drawing): string {
  const hints = arrows.some((arrow) => arrow.kind === "sequence");
  const byName = new Map(boxes.flatMap(withContent).map((box) => [box.name, box]));
  const lines = [
    "digraph flow {",
    '  graph [rankdir=TB, fontname="Helvetica", fontsize=11, nodesep=0.4, ranksep=0.5, labeljust=l, compound=true]',
    '  node [shape=box, style="rounded,filled", fillcolor="#f8fafc", color="#475569", fontname="Helvetica", fontsize=11]',
    '  edge [color="#334155", fontname="Helvetica", fontsize=9, fontcolor="#334155"]',
    ...boxes.flatMap((box) => boxLines(box, "  ")),
    ...arrows.map((arrow) => arrowLine(arrow, byName)),
    ...(hints
      ? ['  legend [shape=plaintext, style="", fontsize=9, label="grey lines: order of the source, nothing flows"]']
      : []),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function boxLines(box: Box, indent: string): readonly string[] {
  const label = quote(box.title);
  if (box.type === "leaf") return [`${indent}${box.name} [label=${label}${styleOf(box)}${markedLeaf(box.marks)}]`];
  const style = box.type === "arm" ? 'style="dotted"; color="#94a3b8"' : clusterStyle(box.marks);
  const content = box.content.flatMap((inner) => boxLines(inner, `${indent}  `));
  return [`${indent}subgraph cluster_${box.name} {`, `${indent}  label=${label}; ${style}`, ...content, `${indent}}`];
}

function styleOf(box: Extract<Box, { type: "leaf" }>): string {
  switch (box.kind) {
    case "subflow":
      return ", peripheries=2";
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return ', fillcolor="#eef2ff"';
    case "dynamic":
      return ', shape=hexagon, style="dashed,filled", color="#b45309", fillcolor="#fef3c7", fontcolor="#78350f"';
    default:
      return "";
  }
}

/** Of attributes that are given twice the last one counts. */
function markedLeaf(marks: readonly BoxMark[]): string {
  return marks.map((mark) => MARKED[mark]).join("");
}

const FADED = ', style="dashed,rounded,filled", fontcolor="#64748b"';

const MARKED: Readonly<Record<BoxMark, string>> = {
  forever: ', style="dashed,rounded,filled"',
  critical: ', color="#b91c1c", penwidth=2',
  succeeded: ', color="#15803d"',
  failed: ', color="#be123c", fillcolor="#ffe4e6", penwidth=2',
  aborted: ', color="#b45309"',
  skipped: FADED,
  open: FADED,
};

function clusterStyle(marks: readonly BoxMark[]): string {
  const line = marks.includes("forever") ? "dashed,rounded" : "rounded";
  return marks.includes("critical")
    ? `style="${line}"; color="#b91c1c"; penwidth=2`
    : `style="${line}"; color="#64748b"`;
}

/** DOT draws between leaves only, and cuts the line at the border of a container that is named. */
function arrowLine(arrow: Arrow, byName: ReadonlyMap<string, Box>): string {
  const [from, to] = [byName.get(arrow.from), byName.get(arrow.to)];
  const attributes = [
    ...(arrow.labels.length > 0 ? [`label=${quote(arrow.labels.map((label) => ` ${label}`))}`] : []),
    ...styleOfArrow(arrow),
    ...(from && from.type !== "leaf" ? [`ltail=cluster_${from.name}`] : []),
    ...(to && to.type !== "leaf" ? [`lhead=cluster_${to.name}`] : []),
  ];
  const ends = `${from ? leafOf(from, "last") : arrow.from} -> ${to ? leafOf(to, "first") : arrow.to}`;
  return `  ${ends}${attributes.length > 0 ? ` [${attributes.join(", ")}]` : ""}`;
}

function styleOfArrow({ kind, may }: Arrow): readonly string[] {
  switch (kind) {
    case "data":
      return may ? ["style=dashed"] : [];
    case "control":
      return ["style=dashed", 'color="#7c3aed"', "arrowhead=empty"];
    case "order":
      return ["style=dotted", "arrowhead=open"];
    case "sequence":
      return ["dir=none", 'color="#cbd5e1"'];
  }
}

function withContent(box: Box): readonly Box[] {
  return box.type === "leaf" ? [box] : [box, ...box.content.flatMap(withContent)];
}

/** Lines of a label; DOT knows two escapes in quoted text. */
function quote(lines: readonly string[]): string {
  return `"${lines.map((line) => line.replace(/["\\]/g, "\\$&")).join("\\n")}"`;
}
