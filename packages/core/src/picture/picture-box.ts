/** The boxes of a picture with the words on them and the room that the words take, before any place is known. */
import type { Arrow, Box, BoxMark } from "../graph/drawing.js";
import type { FlowGraph, GraphNode } from "../graph/flow-graph.js";
import { shorten } from "../graph/render-text.js";
import type { FlowEntry, Manifest, TaskEntry } from "../manifest/manifest.js";
import type { Duration } from "../options/duration.js";
import { FONTS, type FontName, textWidth, wrapText } from "./measure-text.js";

/** One line of text. */
export interface TextLine {
  readonly text: string;
  readonly font: FontName;
}

/** A box of the picture: the whole flow, a container, an arm, or a leaf. */
export interface PictureBox {
  /** Unique in the picture: that of the drawing, or `flow`. */
  readonly name: string;
  readonly type: Box["type"] | "flow";
  /** Of the node; absent for arms and the whole flow. */
  readonly id?: string;
  readonly kind?: GraphNode["kind"];
  readonly marks: readonly BoxMark[];
  /** It stands for several at once, and is drawn as a stack of them. */
  readonly stacked: boolean;
  /** Everything that it says, uncut: shown when pointed at. */
  readonly fullText: string;
  readonly lines: readonly TextLine[];
  readonly content: readonly PictureBox[];
}

/** A rectangle's sides, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Name of the outermost box. */
export const FLOW_BOX = "flow";

/** Longest lines, in pixels. */
const ROOM = { leaf: 270, container: 420, flow: 640, label: 240 };
const MAX_LABELS = 5;

/** The whole flow as one box. */
export function flowBox(flow: FlowEntry, boxes: readonly Box[], tasks: Manifest["tasks"]): PictureBox {
  const params = flow.params.map((param) => `${param.name}${param.required ? "" : "?"}: ${param.text}`);
  const words: Words = { tasks, carried: carriedInto(flow.graph) };
  const signature = `${params.length > 0 ? params.join(", ") : "no parameters"} → ${flow.result.text}`;
  return {
    name: FLOW_BOX,
    type: "flow",
    marks: [],
    stacked: false,
    fullText: [flow.id, ...params, `→ ${flow.result.text}`].join("\n"),
    lines: [
      ...fit([shorten(flow.id, 200)], "heading", { room: ROOM.flow, lines: 1 }),
      ...fit([signature], "note", { room: ROOM.flow, lines: 3 }),
    ],
    content: boxes.map((box) => pictureBox(box, words)),
  };
}

/** A whole job graph as one box. */
export function jobGraphBox(name: string, boxes: readonly Box[]): PictureBox {
  return {
    name: FLOW_BOX,
    type: "flow",
    marks: [],
    stacked: false,
    fullText: name,
    lines: fit([shorten(name, 200)], "heading", { room: ROOM.flow, lines: 1 }),
    content: boxes.map((box) => pictureBox(box, { tasks: {}, carried: new Map() })),
  };
}

/** Lines on an arrow. */
export function arrowLines(arrow: Arrow): readonly TextLine[] {
  const shown = arrow.labels.slice(0, MAX_LABELS);
  const rest = arrow.labels.length - shown.length;
  return fit([...shown, ...(rest > 0 ? [`and ${rest} more`] : [])], "note", { room: ROOM.label, lines: 1 });
}

/** The room that lines take one below the other. */
export function sizeOfLines(lines: readonly TextLine[]): Size {
  return {
    width: Math.ceil(Math.max(0, ...lines.map((line) => textWidth(line.text, FONTS[line.font])))),
    height: lines.reduce((sum, line) => sum + FONTS[line.font].line, 0),
  };
}

/** What the notes on boxes are made of. */
interface Words {
  readonly tasks: Manifest["tasks"];
  /** By node id: parameters that get values of an earlier turn of a loop. */
  readonly carried: ReadonlyMap<string, readonly string[]>;
}

function carriedInto(graph: FlowGraph): ReadonlyMap<string, readonly string[]> {
  const carried = new Map<string, string[]>();
  for (const node of graph.nodes) {
    if (node.kind !== "loop") continue;
    for (const { to, param } of node.carries) carried.set(to, [...(carried.get(to) ?? []), param]);
  }
  return carried;
}

function pictureBox(box: Box, words: Words): PictureBox {
  const [title = "", ...more] = box.title;
  if (box.type === "arm") {
    return {
      name: box.name,
      type: "arm",
      marks: [],
      stacked: false,
      fullText: title,
      lines: fit([title], "caption", { room: ROOM.container, lines: 1 }),
      content: box.content.map((inner) => pictureBox(inner, words)),
    };
  }
  const { id, kind, marks, node } = box;
  const notes = [...more, ...marks.filter(isSpoken), ...(node ? notesOf(node, words) : [])];
  const room = box.type === "leaf" ? ROOM.leaf : ROOM.container;
  return {
    name: box.name,
    type: box.type,
    id,
    kind,
    marks,
    stacked: node?.kind === "map" && node.mode.type !== "sequential",
    fullText: [id, title, ...notes].filter((text, i, all) => all.indexOf(text) === i).join("\n"),
    lines: [
      ...fit([title], box.type === "leaf" ? "title" : "caption", { room, lines: 2 }),
      ...notes.flatMap((note) => fit([note], "note", { room, lines: 3 })),
    ],
    content: box.type === "leaf" ? [] : box.content.map((inner) => pictureBox(inner, words)),
  };
}

/** How a node ended stands in its title. */
function isSpoken(mark: BoxMark): boolean {
  return mark === "critical" || mark === "forever";
}

function notesOf(node: GraphNode, { tasks, carried }: Words): readonly string[] {
  const task = node.kind === "call" && Object.hasOwn(tasks, node.task) ? tasks[node.task] : undefined;
  return [
    ...(task ? optionNotes(task) : []),
    ...(carried.get(node.id) ?? []).map((param) => `↻ ${param} from the turn before`),
    ...(node.abandoned ? ["aborted if it loses"] : []),
  ];
}

function optionNotes({ options }: TaskEntry): readonly string[] {
  const { retry, timeout } = options;
  const attempts = retry?.attempts ?? 1;
  return [
    ...(attempts > 1 ? [`up to ${attempts} attempts`] : []),
    ...(timeout === undefined ? [] : [`timeout ${durationText(timeout)}`]),
  ];
}

function durationText(duration: Duration): string {
  return typeof duration === "number" ? `${duration} ms` : duration.replace(/[a-z]+$/, " $&");
}

function fit(texts: readonly string[], font: FontName, limit: { room: number; lines: number }): readonly TextLine[] {
  return texts.flatMap((text) =>
    wrapText(shorten(text, 400), FONTS[font], limit).map((line) => ({ text: line, font })),
  );
}
