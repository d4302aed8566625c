/**
 * Lays out the children of one container in layers, so that every link runs downwards. A link runs straight down
 * beside the boxes of a layer and moves sideways only in the gaps between layers: so it crosses no box, however
 * different their heights.
 */
import type { Size } from "./picture-box.js";
import { type Item, type SizedLink, type Sketch, type Spot, sketchLayers } from "./sketch-layers.js";

/** A place. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A straight piece of a line, from top to bottom. The line bends from one to the next. */
export interface Run {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  /** The line begins anew here: words stand between this piece and the one before. */
  readonly anew?: true;
}

/** The way of a link. */
export interface Route {
  /** From top to bottom. */
  readonly runs: readonly Run[];
  /** Middle of its words. */
  readonly label?: Point;
}

/** Children with their places; all measured from the top left corner of their common room. */
export interface Layered extends Size {
  /** Top left corners by name. */
  readonly places: ReadonlyMap<string, Point>;
  /** By arrow. */
  readonly routes: ReadonlyMap<number, Route>;
}

/** Pixels between layers, and to the ends of the container: at least, at most, and the share of the widest bend. */
const GAP = { least: 22, toEnd: 6, most: 64, slope: 0.14 };
/** Pixels between lines that leave or reach one leaf. */
const SPREAD = 18;
/** Room that a line takes on both sides, and words above and below. */
const LINE = 6;
const WORDS = 3;

/** Rows of the container's ends, outside of the sketch. */
const ABOVE = -1;
const BELOW = Number.MAX_SAFE_INTEGER;

/** What is to be laid out, with the sketch of it. */
interface Task {
  readonly items: ReadonlyMap<string, Item>;
  readonly links: readonly SizedLink[];
  readonly sketch: Sketch;
}

/** The rows that take room, from top to bottom: height and top by row of the sketch. Others hold nothing but lines. */
interface Rows {
  readonly heights: ReadonlyMap<number, number>;
  readonly tops: ReadonlyMap<number, number>;
}

/** Lays out children. Links may come in from above and go out below. */
export function layerChildren(items: readonly Item[], links: readonly SizedLink[]): Layered {
  const task: Task = {
    items: new Map(items.map((item) => [item.name, item])),
    links,
    sketch: sketchLayers(items, links),
  };
  const heights = heightsOf(task);
  const stations = stationsOf(task, heights);
  const rows: Rows = { heights, tops: topsOf(heights, stations) };
  const places = new Map(
    items.map(({ name, width, height }) => {
      const { row, x } = spotOf(task, name);
      return [name, { x: x - width / 2, y: middleOf(rows, row) - height / 2 }];
    }),
  );
  const routes = new Map(links.map((link, i) => [link.arrow, routeOf(task, rows, i, stations[i] ?? [])]));
  const height = Math.max(0, ...[...rows.tops].map(([row, top]) => top + (heights.get(row) ?? 0)));
  return inCorner(task, { places, routes, height });
}

function spotOf({ sketch }: Task, name: string): Spot {
  return sketch.items.get(name) ?? { row: 0, x: 0 };
}

function middleOf({ heights, tops }: Rows, row: number): number {
  return (tops.get(row) ?? 0) + (heights.get(row) ?? 0) / 2;
}

function heightsOf(task: Task): ReadonlyMap<number, number> {
  const heights = new Map<number, number>();
  const raise = (row: number, height: number): void => {
    heights.set(row, Math.max(heights.get(row) ?? 0, height));
  };
  for (const { name, height } of task.items.values()) raise(spotOf(task, name).row, height);
  for (const [i, { from, to, label }] of task.links.entries()) {
    const spot = task.sketch.labels[i];
    if (label && spot) raise(spot.row, label.height + 2 * WORDS);
    if (from === undefined) raise(ABOVE, 0);
    if (to === undefined) raise(BELOW, 0);
  }
  return new Map([...heights].sort(([a], [b]) => a - b));
}

/** For each link, where it stands in each row that takes room, from its first to its last. */
function stationsOf(task: Task, heights: ReadonlyMap<number, number>): readonly (readonly Spot[])[] {
  const bends = task.links.map((_, i) => task.sketch.bends[i] ?? []);
  const leaving = endsOf(task, "from", (i) => bends[i]?.[0]);
  const reaching = endsOf(task, "to", (i) => bends[i]?.at(-1));
  return bends.map((passed, i) => {
    const first = leaving.get(i) ?? { row: ABOVE, x: passed[0]?.x ?? 0 };
    const last = reaching.get(i) ?? { row: BELOW, x: passed.at(-1)?.x ?? 0 };
    return [first, ...passed.filter(({ row }) => heights.has(row)), last];
  });
}

/** Where links leave or reach children: at the place of a container's border, else side by side in the order of where they go. */
function endsOf(task: Task, end: "from" | "to", next: (link: number) => Spot | undefined): ReadonlyMap<number, Spot> {
  const atItem = new Map<string, { link: number; x: number }[]>();
  const ends = new Map<number, Spot>();
  for (const [link, { arrow, [end]: name }] of task.links.entries()) {
    const item = name === undefined ? undefined : task.items.get(name);
    if (!item) continue;
    const spot = spotOf(task, item.name);
    const border = (end === "from" ? item.exits : item.entries).get(arrow);
    if (border === undefined) {
      atItem.set(item.name, [...(atItem.get(item.name) ?? []), { link, x: next(link)?.x ?? spot.x }]);
    } else ends.set(link, { row: spot.row, x: spot.x - item.width / 2 + border });
  }
  for (const [name, side] of atItem) {
    const { row, x } = spotOf(task, name);
    const step = Math.min(SPREAD, (task.items.get(name)?.width ?? 0) / (side.length + 1));
    const sorted = side.toSorted((a, b) => a.x - b.x);
    for (const [i, { link }] of sorted.entries()) ends.set(link, { row, x: x + (i - (side.length - 1) / 2) * step });
  }
  return ends;
}

/** The widest bend between two rows decides how far apart they stand. */
function topsOf(
  heights: ReadonlyMap<number, number>,
  stations: readonly (readonly Spot[])[],
): ReadonlyMap<number, number> {
  const widest = new Map<number, number>();
  for (const line of stations) {
    for (const [i, { row, x }] of line.entries()) {
      const before = line[i - 1];
      if (before) widest.set(row, Math.max(widest.get(row) ?? 0, Math.abs(x - before.x)));
    }
  }
  const tops = new Map<number, number>();
  let bottom: number | undefined;
  let above = false;
  for (const [row, height] of heights) {
    const least = row === BELOW || above ? GAP.toEnd : GAP.least;
    const gap = Math.min(GAP.most, least + (widest.get(row) ?? 0) * GAP.slope);
    const top = bottom === undefined ? 0 : bottom + gap;
    tops.set(row, top);
    bottom = top + height;
    above = row === ABOVE;
  }
  return tops;
}

function routeOf(task: Task, rows: Rows, link: number, stations: readonly Spot[]): Route {
  const { from, to, label: size } = task.links[link] ?? {};
  const spot = task.sketch.labels[link];
  const label = size && spot && { x: spot.x, y: middleOf(rows, spot.row) };
  const half = (size?.height ?? 0) / 2 + WORDS;
  const heightOf = (name: string | undefined): number => task.items.get(name ?? "")?.height ?? 0;
  const runs = stations.flatMap(({ row, x }, i): Run[] => {
    const top = rows.tops.get(row) ?? 0;
    const bottom = top + (rows.heights.get(row) ?? 0);
    if (i === 0) return [{ x, top: middleOf(rows, row) + heightOf(from) / 2, bottom }];
    if (i === stations.length - 1) return [{ x, top, bottom: middleOf(rows, row) - heightOf(to) / 2 }];
    if (!label || row !== spot.row) return [{ x, top, bottom }];
    return [
      { x, top, bottom: label.y - half },
      { x, top: label.y + half, bottom, anew: true },
    ];
  });
  return { runs, ...(label ? { label } : {}) };
}

/** Moves all to the left side, with room for lines and words beside the boxes. */
function inCorner({ items, links }: Task, layered: Omit<Layered, "width">): Layered {
  const sides = [
    ...[...layered.places].map(([name, { x }]) => [x, x + (items.get(name)?.width ?? 0)] as const),
    ...links.flatMap(({ arrow, label }) => {
      const route = layered.routes.get(arrow);
      const words = route?.label ? [[route.label.x, (label?.width ?? 0) / 2] as const] : [];
      const lines = route?.runs.map(({ x }) => [x, LINE] as const) ?? [];
      return [...words, ...lines].map(([x, half]) => [x - half, x + half] as const);
    }),
  ];
  const left = Math.min(...sides.map(([from]) => from));
  const right = Math.max(...sides.map(([, to]) => to));
  return { ...shifted(layered, { x: -left, y: 0 }), width: right - left, height: layered.height };
}

/** All of it, elsewhere. */
export function shifted<T extends Pick<Layered, "places" | "routes">>(layered: T, by: Point): T {
  const move = ({ x, y }: Point): Point => ({ x: x + by.x, y: y + by.y });
  return {
    ...layered,
    places: new Map([...layered.places].map(([name, place]) => [name, move(place)])),
    routes: new Map([...layered.routes].map(([arrow, route]) => [arrow, shiftedRoute(route, by)])),
  };
}

/** A route, elsewhere. */
export function shiftedRoute({ runs, label }: Route, by: Point): Route {
  return {
    runs: runs.map((run) => ({ ...run, x: run.x + by.x, top: run.top + by.y, bottom: run.bottom + by.y })),
    ...(label ? { label: { x: label.x + by.x, y: label.y + by.y } } : {}),
  };
}
