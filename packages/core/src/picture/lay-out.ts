/**
 * Places every box and line of a picture. Containers are laid out from the inside to the outside, each by itself; the
 * pieces of an arrow are then joined at the borders that it crosses. Boxes of one container never overlap, and lines
 * cross no box but those that they leave or enter.
 */
import type { Arrow } from "../graph/drawing.js";
import { layerChildren, type Point, type Route, type Run, shifted, shiftedRoute } from "./layer-children.js";
import { layerParts } from "./layer-parts.js";
import { arrowLines, type PictureBox, type Size, sizeOfLines, type TextLine } from "./picture-box.js";
import { type Link, planRoutes, type RoutePlan } from "./plan-routes.js";
import type { Item, SizedLink } from "./sketch-layers.js";

/** A box in its place, measured from the top left corner of the picture. */
export interface PlacedBox extends Point, Size {
  readonly box: PictureBox;
  readonly content: readonly PlacedBox[];
}

/** An arrow in its place. */
export interface PlacedArrow extends Route {
  readonly arrow: Arrow;
  readonly lines: readonly TextLine[];
  /** True if it points upwards: its line is described from its target to its source. */
  readonly upwards: boolean;
}

/** A picture without syntax. */
export interface Placement {
  readonly flow: PlacedBox;
  readonly arrows: readonly PlacedArrow[];
}

/** Pixels inside boxes, by their type. */
export const PADDING: Readonly<
  Record<PictureBox["type"], { readonly side: number; readonly top: number; readonly bottom: number }>
> = {
  leaf: { side: 14, top: 9, bottom: 10 },
  container: { side: 16, top: 9, bottom: 16 },
  arm: { side: 14, top: 7, bottom: 14 },
  flow: { side: 24, top: 18, bottom: 22 },
};
/** Below the words of a box that holds others. */
const BELOW_WORDS = 12;
const LEAST_LEAF = 96;
/** Between words and a line that they interrupt. */
const CLEAR = 4;
/** Room beside and below a map, where its repetition is drawn. */
export const STACK = 8;
/** A container, laid out but not yet placed. */
interface Inside extends Size {
  readonly places: ReadonlyMap<string, Point>;
  readonly routes: ReadonlyMap<number, Route>;
  readonly exits: ReadonlyMap<number, number>;
  readonly entries: ReadonlyMap<number, number>;
}

/** Lays out a flow. */
export function layOut(flow: PictureBox, arrows: readonly Arrow[]): Placement {
  const plan = planRoutes(flow, arrows);
  const words = arrows.map(arrowLines);
  // Inside a container it is not known where its lines go outside: the second time it is, and fewer cross.
  const { outside } = arrange(flow, { arrows, words, plan, outside: [] });
  return arrange(flow, { arrows, words, plan, outside }).placement;
}

/** Where an arrow goes on, from left to right, outside of what holds its source or its target alone. */
interface Outside {
  readonly from: number;
  readonly to: number;
}

/** What is drawn between boxes. */
interface Lines {
  readonly arrows: readonly Arrow[];
  readonly words: readonly (readonly TextLine[])[];
  readonly plan: RoutePlan;
  /** By arrow, as far as known. */
  readonly outside: readonly Outside[];
}

function arrange(
  flow: PictureBox,
  { arrows, words, plan, outside }: Lines,
): { readonly placement: Placement; readonly outside: readonly Outside[] } {
  const insides = new Map<string, Inside>();
  const measure = (box: PictureBox): Inside => {
    const items = box.content.map((inner): Item => itemOf(inner, measure(inner)));
    const byName = new Map(items.map((item) => [item.name, item]));
    const links = (plan.links.get(box.name) ?? []).map((link): SizedLink => {
      const lines = link.labelled ? (words[link.arrow] ?? []) : [];
      const order = orderOf(link, byName, outside[link.arrow]);
      return { ...link, order, label: lines.length > 0 ? sizeOfLines(lines) : undefined };
    });
    const inside = items.length === 0 ? leafInside(box) : containerInside(box, items, links);
    insides.set(box.name, inside);
    return inside;
  };
  measure(flow);

  const corners = new Map<string, Point>();
  const place = (box: PictureBox, corner: Point): PlacedBox => {
    corners.set(box.name, corner);
    const inside = insides.get(box.name) ?? leafInside(box);
    const content = box.content.map((inner) => {
      const { x, y } = inside.places.get(inner.name) ?? { x: 0, y: 0 };
      return place(inner, { x: corner.x + x + (inner.stacked ? STACK : 0), y: corner.y + y });
    });
    return { box, ...corner, width: inside.width, height: inside.height, content };
  };
  const placed = place(flow, { x: 0, y: 0 });
  const routes = plan.passes.map(({ containers }, arrow) =>
    containers.map((name) => {
      const route = insides.get(name)?.routes.get(arrow) ?? { runs: [] };
      return shiftedRoute(route, corners.get(name) ?? { x: 0, y: 0 });
    }),
  );
  const lines = arrows.map((arrow, i): PlacedArrow => {
    const pieces = routes[i] ?? [];
    const label = pieces.find((piece) => piece.label)?.label;
    const runs = pieces.flatMap((piece) => piece.runs);
    return { arrow, lines: words[i] ?? [], upwards: plan.reversed.has(i), runs, ...(label ? { label } : {}) };
  });
  const across = plan.passes.map((pass, arrow) => routes[arrow]?.[pass.across]?.runs ?? []);
  return {
    placement: { flow: placed, arrows: lines },
    outside: across.map((runs) => ({ from: runs.at(-2)?.x ?? 0, to: runs[1]?.x ?? 0 })),
  };
}

/** Links that share both ends follow the order inside the container that they leave or reach, else the one outside. */
function orderOf({ arrow, from, to }: Link, items: ReadonlyMap<string, Item>, outside: Outside | undefined): number {
  const left = from === undefined ? undefined : items.get(from);
  const reached = to === undefined ? undefined : items.get(to);
  const exit = left?.exits.get(arrow);
  if (exit !== undefined) return exit;
  const entry = reached?.entries.get(arrow);
  if (entry !== undefined) return entry;
  if (to === undefined) return outside?.to ?? 0;
  if (from === undefined) return outside?.from ?? 0;
  return (reached?.width ?? 0) / 2;
}

/** With the room of its stack on both sides, so that it stays in the middle. */
function itemOf(box: PictureBox, { width, height, exits, entries }: Inside): Item {
  const stack = box.stacked ? STACK : 0;
  const beside = (borders: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
    new Map([...borders].map(([arrow, x]) => [arrow, x + stack]));
  const size = { width: width + 2 * stack, height: height + stack };
  return { name: box.name, ...size, exits: beside(exits), entries: beside(entries) };
}

function leafInside(box: PictureBox): Inside {
  const { side, top, bottom } = PADDING[box.type];
  const words = sizeOfLines(box.lines);
  const empty = new Map<never, never>();
  const width = Math.max(LEAST_LEAF, words.width + 2 * side);
  return { width, height: words.height + top + bottom, places: empty, routes: empty, exits: empty, entries: empty };
}

function containerInside(box: PictureBox, items: readonly Item[], links: readonly SizedLink[]): Inside {
  const { side, top, bottom } = PADDING[box.type];
  const words = sizeOfLines(box.lines);
  const head = top + words.height + BELOW_WORDS;
  const children = links.some(crossesBorder) ? layerChildren(items, links) : layerParts(items, links);
  const width = Math.ceil(Math.max(children.width, words.width) + 2 * side);
  const left = (width - children.width) / 2;
  const height = Math.ceil(head + children.height + bottom);

  const { places, routes } = shifted(children, { x: left, y: head });
  const exits = new Map<number, number>();
  const entries = new Map<number, number>();
  const joined = new Map<number, Route>();
  for (const { arrow, from, to } of links) {
    const route = routes.get(arrow);
    const [first, last] = [route?.runs[0], route?.runs.at(-1)];
    if (!route || !first || !last) continue;
    const before = from === undefined ? downThroughWords(box, first) : [];
    const after = to === undefined ? [{ x: last.x, top: last.bottom, bottom: height }] : [];
    if (from === undefined) entries.set(arrow, first.x);
    if (to === undefined) exits.set(arrow, last.x);
    joined.set(arrow, { ...route, runs: [...before, ...route.runs, ...after] });
  }
  return { width, height, places, routes: joined, exits, entries };
}

/** From the border to a line that goes on inside: interrupted where the container's words stand. */
function downThroughWords(box: PictureBox, { x, top }: Run): readonly Run[] {
  const padding = PADDING[box.type];
  const words = sizeOfLines(box.lines);
  if (x > padding.side + words.width + CLEAR) return [{ x, top: 0, bottom: top }];
  return [
    { x, top: 0, bottom: 0 },
    { x, top: padding.top + words.height + CLEAR, bottom: top, anew: true },
  ];
}

function crossesBorder(link: Link): boolean {
  return link.from === undefined || link.to === undefined;
}
