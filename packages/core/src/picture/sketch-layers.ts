/**
 * Which layer each child of a container gets, and its horizontal place. The one home of dagre; it also chooses the
 * order that crosses few lines. Its vertical places serve only to tell layers apart.
 */

import { Graph, layout } from "@dagrejs/dagre";
import { appendTo } from "../collections/append-to.js";
import type { Size } from "./picture-box.js";
import type { Link } from "./plan-routes.js";

/** A child with its size, and where links leave or reach it, if it is a container: by arrow, from its left side. */
export interface Item extends Size {
  readonly name: string;
  readonly exits: ReadonlyMap<number, number>;
  readonly entries: ReadonlyMap<number, number>;
}

/** A link with the room that its words take. */
export interface SizedLink extends Link {
  readonly label: Size | undefined;
  /** Links that share both ends stand from left to right by this: so they do not cross outside of this container. */
  readonly order: number;
}

/** A place in a layer. */
export interface Spot {
  /** Layers count from 0 at the top; a layer may hold nothing but lines that pass. */
  readonly row: number;
  /** Of the middle. */
  readonly x: number;
}

/** Children and lines in layers. */
export interface Sketch {
  /** By name of the child. */
  readonly items: ReadonlyMap<string, Spot>;
  /** For each link, where it passes the layers between its ends, from top to bottom. */
  readonly bends: readonly (readonly Spot[])[];
  /** For each link, where its words stand: among its bends. */
  readonly labels: readonly (Spot | undefined)[];
}

/** Ends of the container, as nodes; names of children begin otherwise. */
const TOP = "=top";
const BOTTOM = "=bottom";
/** Pixels between boxes, and between lines, that stand side by side. */
const ACROSS = { nodesep: 28, edgesep: 18 };
/** dagre halves this to make room for words, so that a layer is one pixel below the other and `y` counts layers. */
const DOWN = { ranksep: 2 };
/** dagre keeps a place for words only if they have a height: one that is lost when layers are counted. */
const THIN = 1e-6;
/** Weight of the edges that only keep the ends of the container above and below its children. */
const FAINT = 0.001;
/** Above this number of children and links the layers are chosen by the longest path: quicker, with longer lines. */
const MANY = 1500;

/** What dagre adds to the labels of nodes and edges. */
interface Placed {
  readonly x: number;
  readonly y: number;
}
interface Line extends Placed {
  readonly points: readonly Placed[];
}

/** Sketches the layers of children and links; links must be free of cycles. */
export function sketchLayers(items: readonly Item[], links: readonly SizedLink[]): Sketch {
  const graph = new Graph<object, object, object>({ directed: true, multigraph: true });
  const ranker = items.length + links.length > MANY ? "longest-path" : "network-simplex";
  graph.setGraph({ rankdir: "TB", ranker, ...ACROSS, ...DOWN });
  for (const { name, width } of items) graph.setNode(name, { width, height: 0 });
  holdEnds(graph, items, links);
  const twins = [...twinsOf(links).values()];
  const broadest = new Map(
    twins.flatMap((group) => {
      const width = Math.max(...group.map((i) => links[i]?.label?.width ?? 0));
      return group.map((i) => [i, width]);
    }),
  );
  for (const [i, { from = TOP, to = BOTTOM, label }] of links.entries()) {
    graph.setEdge(
      from,
      to,
      { width: label ? (broadest.get(i) ?? 0) : 0, height: label ? THIN : 0, labelpos: "c" },
      `${i}`,
    );
  }
  layout(graph);

  // Safe: after the layout every node has a place, and every edge its points and the place of its words.
  const placeOf = (name: string): Placed => graph.node(name) as Placed;
  const lineOf = ({ from = TOP, to = BOTTOM }: Link, i: number): Line => graph.edge(from, to, `${i}`) as Line;
  const side = isMirrored(items.map(({ name }) => placeOf(name))) ? -1 : 1;
  const lines = untangled(links.map(lineOf), links, { twins, side });
  const spotAt = ({ x, y }: Placed): Spot => ({ row: Math.round(y), x: side * x });
  return {
    items: new Map(items.map(({ name }) => [name, spotAt(placeOf(name))])),
    // The first and the last point are the ends.
    bends: lines.map((line) => line.points.slice(1, -1).map(spotAt)),
    labels: lines.map((line, i) => (links[i]?.label ? spotAt(line) : undefined)),
  };
}

/** Links that share both ends, by index. Their lines may be exchanged: the words of all have the room of the broadest. */
function twinsOf(links: readonly SizedLink[]): ReadonlyMap<string, readonly number[]> {
  const twins = new Map<string, number[]>();
  for (const [i, { from = TOP, to = BOTTOM, label }] of links.entries()) {
    appendTo(twins, `${from} ${to} ${label !== undefined}`, i);
  }
  return twins;
}

/** The lines, given to the links that share both ends so that they stand in the order that is wanted. */
function untangled(
  lines: readonly Line[],
  links: readonly SizedLink[],
  { twins, side }: { readonly twins: readonly (readonly number[])[]; readonly side: 1 | -1 },
): readonly Line[] {
  const given = [...lines];
  const placeOf = (i: number): number => side * (lines[i]?.points[1]?.x ?? 0);
  for (const group of twins) {
    const wanted = group.toSorted((a, b) => (links[a]?.order ?? 0) - (links[b]?.order ?? 0));
    const free = group.toSorted((a, b) => placeOf(a) - placeOf(b));
    for (const [at, link] of wanted.entries()) {
      const line = lines[free[at] ?? link];
      if (line) given[link] = line;
    }
  }
  return given;
}

/** True if most neighbours of a layer stand in the wrong order: of the source, from left to right. */
function isMirrored(places: readonly Placed[]): boolean {
  const last = new Map<number, number>();
  let wrong = 0;
  for (const { x, y } of places) {
    const row = Math.round(y);
    const before = last.get(row);
    if (before !== undefined) wrong += Math.sign(before - x);
    last.set(row, x);
  }
  return wrong > 0;
}

/** Where lines come in from above or go out below, all children stand between the two ends. */
function holdEnds(graph: Graph<object, object, object>, items: readonly Item[], links: readonly SizedLink[]): void {
  const ends = {
    top: links.some((link) => link.from === undefined),
    bottom: links.some((link) => link.to === undefined),
  };
  const reached = new Set(links.map((link) => link.to));
  const left = new Set(links.map((link) => link.from));
  const faint = { width: 0, height: 0, weight: FAINT };
  for (const end of [...(ends.top ? [TOP] : []), ...(ends.bottom ? [BOTTOM] : [])])
    graph.setNode(end, { width: 0, height: 0 });
  for (const { name } of items) {
    if (ends.top && !reached.has(name)) graph.setEdge(TOP, name, { ...faint }, "held");
    if (ends.bottom && !left.has(name)) graph.setEdge(name, BOTTOM, { ...faint }, "held");
  }
}
