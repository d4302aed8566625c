/** Lays out children that no line from outside reaches: parts that have nothing to do with each other fill rows, as words do. */
import { alg, Graph } from "@dagrejs/graphlib";
import { type Layered, layerChildren, type Point, type Route, shifted } from "./layer-children.js";
import type { Item, SizedLink } from "./sketch-layers.js";

/** Between parts of a container that have nothing to do with each other, and the width of their rows. */
const APART = 32;
const ROW_WIDTH = 760;

/** Lays out children whose links all stay among them, in order of their first children. */
export function layerParts(items: readonly Item[], links: readonly SizedLink[]): Layered {
  const graph = new Graph({ directed: false });
  for (const item of items) graph.setNode(item.name);
  for (const { from, to } of links) if (from !== undefined && to !== undefined) graph.setEdge(from, to);
  const parts = alg.components(graph).map((names) => {
    const inside = new Set(names);
    return layerChildren(
      items.filter((item) => inside.has(item.name)),
      links.filter((link) => inside.has(link.from ?? "")),
    );
  });
  const places = new Map<string, Point>();
  const routes = new Map<number, Route>();
  const size = { width: 0, height: 0 };
  const row = { x: 0, y: 0, height: 0 };
  for (const part of parts) {
    if (row.x > 0 && row.x + part.width > ROW_WIDTH) {
      row.y += row.height + APART;
      row.x = 0;
      row.height = 0;
    }
    const moved = shifted(part, row);
    for (const [name, place] of moved.places) places.set(name, place);
    for (const [arrow, route] of moved.routes) routes.set(arrow, route);
    size.width = Math.max(size.width, row.x + part.width);
    row.height = Math.max(row.height, part.height);
    size.height = row.y + row.height;
    row.x += part.width + APART;
  }
  return { places, routes, ...size };
}
