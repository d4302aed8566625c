/**
 * A flow or job graph as a picture: one SVG file that needs nothing else, no script, font or network. Pure; `flow graph --format svg`
 * prints it, and `--format html` shows it.
 */
import { MillraceError } from "../errors/millrace-error.js";
import { drawGraph } from "../graph/draw-graph.js";
import type { Arrow } from "../graph/drawing.js";
import type { StepKey } from "../identity/brands.js";
import { drawJobGraph, type NodeOutcome } from "../job-graph/draw-job-graph.js";
import { graphName, type JobGraph } from "../job-graph/job-graph.js";
import type { FlowEntry, Manifest } from "../manifest/manifest.js";
import { drawRules } from "../rules/draw-rules.js";
import type { RuleGraph } from "../rules/rule-graph.js";
import { type RuleSet, rulesName } from "../rules/rule-set.js";
import { escapeXml } from "./escape-xml.js";
import { layOut, PADDING, type PlacedArrow, type PlacedBox, type Placement, STACK } from "./lay-out.js";
import { type LegendEntry, legendOf, SAMPLE } from "./legend.js";
import { FONT_STACK, FONTS } from "./measure-text.js";
import { flowBox, jobGraphBox, type PictureBox, type TextLine } from "./picture-box.js";
import { PICTURE_CSS } from "./picture-style.js";
import { arrowClasses, px, svgLine } from "./svg-line.js";

/** Around the picture, so that no stroke is cut. */
const MARGIN = 1;
/** Longest text shown when pointed at, and longest description, in characters. */
const MOST = { pointed: 600, described: 2_000 };

/**
 * The picture of a flow as SVG source, ending in a newline. Nodes have the ids `n0`, `n1`, … in order of the graph.
 * @throws MillraceError `picture-too-deep`.
 */
export function renderSvg(flow: FlowEntry, tasks: Manifest["tasks"]): string {
  const { boxes, arrows } = drawGraph(flow.graph);
  return svgOf(flow.id, flowBox(flow, boxes, tasks), arrows);
}

/** The picture of a job graph that has been read, likewise; of a run of it with `outcomes`. @throws MillraceError `picture-too-deep`. */
export function renderJobGraphSvg(
  graph: JobGraph,
  outcomes?: ReadonlyMap<StepKey, NodeOutcome>,
  labels?: ReadonlyMap<StepKey, string>,
): string {
  const { boxes, arrows } = drawJobGraph(graph, outcomes, labels);
  return svgOf(graphName(graph), jobGraphBox(graphName(graph), boxes), arrows);
}

/** The picture of a rule set that has been read, likewise. @throws MillraceError `picture-too-deep`. */
export function renderRulesSvg(set: RuleSet, graph: RuleGraph): string {
  const { boxes, arrows } = drawRules(set, graph);
  return svgOf(rulesName(set), jobGraphBox(rulesName(set), boxes), arrows);
}

function svgOf(id: string, whole: PictureBox, arrows: readonly Arrow[]): string {
  const placement = placementOf(id, whole, arrows);
  const legend = legendOf(arrows, placement.flow.width);
  const width = Math.ceil(Math.max(placement.flow.width, legend.width) + 2 * MARGIN);
  const height = Math.ceil(placement.flow.height + legend.height + 2 * MARGIN);
  const all = withContent(placement.flow);
  const names = new Map(all.map(({ box }) => [box.name, box.id ?? ""]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" role="img" aria-labelledby="picture-title picture-desc" font-family="${escapeXml(FONT_STACK)}">`,
    `<title id="picture-title">Graph of ${most(id, MOST.pointed)}</title>`,
    `<desc id="picture-desc">${most(descriptionOf(all, placement.arrows, names), MOST.described)}</desc>`,
    `<style>${PICTURE_CSS}</style>`,
    `<rect class="ground" width="${width - 2 * MARGIN}" height="${height - 2 * MARGIN}" rx="12"/>`,
    ...svgLines(placement.flow),
    ...all.filter(({ box }) => box.type === "container" || box.type === "arm").map(svgContainer),
    ...placement.arrows.map((arrow) => svgArrow(arrow, names)),
    ...all.filter(({ box }) => box.type === "leaf").map(svgLeaf),
    ...legend.entries.map((entry) => svgEntry(entry, placement.flow.height)),
    "</svg>",
    "",
  ].join("\n");
}

/** The layout descends from step to step: a chain longer than the stack is refused. */
function placementOf(id: string, box: PictureBox, arrows: readonly Arrow[]): Placement {
  try {
    return layOut(box, arrows);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new MillraceError("picture-too-deep", `${id} has too many steps in a row for a picture.`, {
      hint: "Draw it with --format dot, or move parts of the flow into helper methods: each becomes a box of its own.",
      data: { flow: id },
      cause,
    });
  }
}

function withContent(placed: PlacedBox): readonly PlacedBox[] {
  return [placed, ...placed.content.flatMap(withContent)];
}

function svgContainer(placed: PlacedBox): string {
  const { box, x, y, width, height } = placed;
  const cards = box.stacked ? [STACK / 2, STACK].map((by) => svgCard(placed, by)) : [];
  return group(placed, [
    ...cards,
    `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="10"/>`,
  ]);
}

/** What is seen of a card that lies behind a box, a little to the right and below. */
function svgCard({ x, y, width, height }: PlacedBox, by: number): string {
  const [right, bottom] = [x + width + by, y + height + by];
  return `<path class="stack" d="M${px(right - 4)} ${px(y + by + 2)}Q${px(right)} ${px(y + by + 4)} ${px(right)} ${px(y + by + 10)}V${px(bottom - 10)}Q${px(right)} ${px(bottom)} ${px(right - 10)} ${px(bottom)}H${px(x + by + 10)}Q${px(x + by + 4)} ${px(bottom)} ${px(x + by + 2)} ${px(bottom - 4)}"/>`;
}

function svgLeaf(placed: PlacedBox): string {
  const { box, x, y, width, height } = placed;
  const rect = (inset: number, radius: number, name: string): string =>
    `<rect${name} x="${px(x + inset)}" y="${px(y + inset)}" width="${px(width - 2 * inset)}" height="${px(height - 2 * inset)}" rx="${radius}"/>`;
  const inner = box.kind === "subflow" ? [rect(3, 6, ' class="inner"')] : [];
  return group(placed, [rect(0, 8, ""), ...inner]);
}

/** A box with its words, and all that it says when pointed at. */
function group(placed: PlacedBox, shapes: readonly string[]): string {
  const { box } = placed;
  const classes = ["box", box.type, ...(box.kind ? [box.kind] : []), ...box.marks];
  const title = `<title>${most(box.fullText, MOST.pointed)}</title>`;
  return [
    `<g class="${classes.join(" ")}" id="${escapeXml(box.name)}">${title}`,
    ...shapes,
    ...svgLines(placed),
    "</g>",
  ].join("\n");
}

function svgLines({ box, x, y, width }: PlacedBox): readonly string[] {
  const { side, top } = PADDING[box.type];
  const anchor = box.type === "leaf" ? "middle" : "start";
  return textLines(box.lines, { x: anchor === "middle" ? x + width / 2 : x + side, y: y + top, anchor });
}

function svgArrow(placed: PlacedArrow, names: ReadonlyMap<string, string>): string {
  const { arrow, lines, label } = placed;
  const height = lines.reduce((sum, line) => sum + FONTS[line.font].line, 0);
  const words = label ? textLines(lines, { x: label.x, y: label.y - height / 2, anchor: "middle", name: "label" }) : [];
  const ends = `data-from="${escapeXml(arrow.from)}" data-to="${escapeXml(arrow.to)}"`;
  const title = `<title>${most(sayArrow(placed, names), MOST.pointed)}</title>`;
  return [`<g class="${arrowClasses(arrow)}" ${ends}>${title}`, ...svgLine(placed), ...words, "</g>"].join("\n");
}

function svgEntry({ x, y, sample, text }: LegendEntry, below: number): string {
  const middle = below + y;
  // A line runs downwards; turned, it points to the right.
  const line = svgLine({ arrow: sample, runs: [{ x: 0, top: 0, bottom: SAMPLE.long }], upwards: false });
  const at = {
    x: x + SAMPLE.long + SAMPLE.gap,
    y: middle - FONTS.note.line / 2,
    anchor: "start",
    name: "legend",
  } as const;
  const words = textLines([{ text, font: "note" }], at);
  return `<g class="${arrowClasses(sample)}" transform="translate(${px(x)} ${px(middle)}) rotate(-90)">${line.join("")}</g>${words.join("")}`;
}

function textLines(
  lines: readonly TextLine[],
  { x, y, anchor, name }: { x: number; y: number; anchor: "start" | "middle"; name?: string },
): readonly string[] {
  let top = y;
  return lines.map(({ text, font }) => {
    const { size, line } = FONTS[font];
    const baseline = top + (line + size * 0.72) / 2;
    top += line;
    const middle = anchor === "middle" ? ' text-anchor="middle"' : "";
    return `<text class="${name ?? font}" x="${px(x)}" y="${px(baseline)}"${middle}>${escapeXml(text)}</text>`;
  });
}

function sayArrow({ arrow }: PlacedArrow, names: ReadonlyMap<string, string>): string {
  const ends = `${names.get(arrow.from)} → ${names.get(arrow.to)}`;
  return arrow.labels.length > 0 ? `${ends}: ${arrow.labels.join(", ")}` : ends;
}

function descriptionOf(
  all: readonly PlacedBox[],
  arrows: readonly PlacedArrow[],
  names: ReadonlyMap<string, string>,
): string {
  const nodes = all.flatMap(({ box }) => box.id ?? []).join(", ");
  const edges = arrows.map((arrow) => sayArrow(arrow, names)).join("; ");
  return `Nodes: ${nodes || "none"}. Arrows: ${edges || "none"}.`;
}

function most(text: string, characters: number): string {
  return escapeXml(text.length > characters ? `${text.slice(0, characters - 1)}…` : text);
}
