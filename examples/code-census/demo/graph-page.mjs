/** Draws a flow graph as one self-contained HTML page with an SVG in it. */
import { layOut, titleOf } from "./graph-layout.mjs";

const MARGIN = 40;
/** Room on the right for edges that pass other nodes by. */
const BYPASS = 70;

/** The page for a graph. */
export function graphPage(name, graph) {
  const { boxes, width, height } = layOut(graph);
  const size = { width: width + 2 * MARGIN + BYPASS, height: height + 2 * MARGIN };
  const containers = graph.nodes.filter((node) => boxes.get(node.id).holds);
  const leaves = graph.nodes.filter((node) => !boxes.get(node.id).holds);
  const svg = [
    ...containers.map((node) => frame(boxes.get(node.id), "container")),
    ...bundle(graph).map((edge) => arrow(edge, boxes, width)),
    ...leaves.map((node) => frame(boxes.get(node.id), node.kind)),
    ...graph.nodes.map((node) => title(node, boxes.get(node.id))),
  ].join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(name)}</title>
<style>
:root { --ground: #f5f6f9; --surface: #fff; --text: #1c2330; --faint: #667085; --line: #b9c2d6; --accent: #b3264e; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0e121a; --surface: #1d2433; --text: #e8ebf2; --faint: #98a2b8; --line: #46526b; --accent: #ff8f6b; }
}
body { margin: 0; padding: 40px 24px; background: var(--ground); color: var(--text);
  font: 16px/1.5 Inter, ui-sans-serif, system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: ${Math.max(640, Math.ceil(size.width))}px; margin: 0 auto; }
h1 { margin: 0; font-size: 36px; letter-spacing: -0.02em; }
p { margin: 4px 0 0; color: var(--faint); }
svg { display: block; width: min(100%, ${Math.ceil(size.width)}px); height: auto; }
rect { fill: var(--surface); stroke: var(--line); }
.container { fill: var(--line); fill-opacity: 0.16; stroke-dasharray: 5 4; }
.call, .subflow { stroke: var(--accent); stroke-width: 1.5; }
text { fill: var(--text); font-size: 15px; font-weight: 600; text-anchor: middle; }
.label { fill: var(--faint); font-size: 13px; font-weight: 400; text-anchor: start; }
.label { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
path { fill: none; stroke: var(--faint); stroke-width: 1.5; }
.control, .order { stroke-dasharray: 4 4; }
marker path { fill: var(--faint); stroke: none; }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(name)}</h1>
<p>Known before anything runs. ${legend(graph)}</p>
<svg viewBox="${-MARGIN} ${-MARGIN} ${size.width} ${size.height}" role="img" aria-label="Graph of ${escapeHtml(name)}">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
${svg}
</svg>
</main>
</body>
</html>
`;
}

function legend({ edges }) {
  const values = "Lines carry values into the named parameters";
  return edges.every((edge) => edge.kind === "data") ? `${values}.` : `${values}; dashed ones decide whether or when.`;
}

/** Edges between the same two nodes are one arrow; values win over decisions, and a container's says it for what is inside. */
function bundle({ nodes, edges }) {
  const parents = new Map(nodes.map((node) => [node.id, node.parent]));
  const decided = new Set(
    edges.filter((edge) => edge.kind !== "data").map(({ from, to }) => JSON.stringify([from, to])),
  );
  const repeats = ({ from, to, kind }) => {
    if (kind === "data") return false;
    for (let at = parents.get(to); at !== undefined; at = parents.get(at)) {
      if (decided.has(JSON.stringify([from, at]))) return true;
    }
    return false;
  };
  const bundles = new Map();
  for (const { from, to, kind, param, via } of edges.filter((edge) => !repeats(edge))) {
    const key = JSON.stringify([from, to]);
    const entry = bundles.get(key) ?? { from, to, kind, params: new Set() };
    if (kind === "data") entry.kind = kind;
    if (param) entry.params.add(via === "choice" ? `${param} (chooses)` : param);
    bundles.set(key, entry);
  }
  return [...bundles.values()];
}

function frame({ x, y, width, height }, style) {
  return `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`;
}

function title(node, { x, y, width, height, holds }) {
  const text = escapeHtml(titleOf(node));
  if (holds) return `<text class="label" x="${x + 16}" y="${y + 25}">${text}</text>`;
  return `<text x="${x + width / 2}" y="${y + height / 2 + 5}">${text}</text>`;
}

function arrow({ from, to, kind, params }, boxes, width) {
  const a = boxes.get(from);
  const b = boxes.get(to);
  if (!a || !b) return "";
  // Beside the values, so that both are seen.
  const aside = kind === "data" ? 0 : -24;
  const start = { x: a.x + a.width / 2 + aside, y: a.y + a.height };
  const end = { x: b.x + b.width / 2 + aside, y: b.y - 1 };
  const between = [...boxes.values()].some((box) => box.y > start.y && box.y + box.height < end.y);
  const labels = [...params].join(", ");
  if (between) {
    const side = width + BYPASS - 20;
    const path = `M${a.x + a.width} ${a.y + a.height / 2}C${side} ${a.y + a.height / 2} ${side} ${b.y + b.height / 2} ${b.x + b.width + 1} ${b.y + b.height / 2}`;
    return draw(path, kind, labels, { x: b.x + b.width + 24, y: b.y + b.height / 2 + 22 });
  }
  const bend = Math.max(20, (end.y - start.y) / 2);
  const path = `M${start.x} ${start.y}C${start.x} ${start.y + bend} ${end.x} ${end.y - bend} ${end.x} ${end.y}`;
  return draw(path, kind, labels, { x: end.x + 10, y: end.y - 10 });
}

function draw(path, kind, labels, at) {
  return `<path class="${kind}" d="${path}" marker-end="url(#tip)"/>
<text class="label" x="${at.x}" y="${at.y}">${escapeHtml(labels)}</text>`;
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
