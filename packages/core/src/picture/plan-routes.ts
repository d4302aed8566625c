/**
 * Which borders each arrow crosses. An arrow between boxes of different containers is cut at the borders into one
 * link in each container, so that every container can be laid out by itself.
 */

import { alg, Graph } from "@dagrejs/graphlib";
import { appendTo } from "../collections/append-to.js";
import type { Arrow } from "../graph/drawing.js";
import { FLOW_BOX, type PictureBox } from "./picture-box.js";

/** The piece of an arrow inside one container. */
export interface Link {
  /** Index of the arrow. */
  readonly arrow: number;
  /** Child that it leaves; undefined if it comes in at the container's top. */
  readonly from: string | undefined;
  /** Child that it reaches; undefined if it goes out at the container's bottom. */
  readonly to: string | undefined;
  /** True for the one piece that carries the arrow's words. */
  readonly labelled: boolean;
}

/** All arrows, cut. */
export interface RoutePlan {
  /** By name of the container. */
  readonly links: ReadonlyMap<string, readonly Link[]>;
  /** Containers that each arrow passes, in the order of its pieces; and which of them holds both its ends. */
  readonly passes: readonly { readonly containers: readonly string[]; readonly across: number }[];
  /** Arrows that are laid out from their target to their source: without them some container would have a cycle. */
  readonly reversed: ReadonlySet<number>;
}

/** Cuts all arrows at the borders of containers. */
export function planRoutes(flow: PictureBox, arrows: readonly Arrow[]): RoutePlan {
  const parents = new Map<string, string>();
  const visit = (box: PictureBox): void => {
    for (const inner of box.content) {
      parents.set(inner.name, box.name);
      visit(inner);
    }
  };
  visit(flow);
  const paths = arrows.map(({ from, to }) => meet(ancestry(from, parents), ancestry(to, parents)));
  const reversed = backward(paths);
  const links = new Map<string, Link[]>();
  const passes = paths.map((path, arrow) => {
    const { out, container, into } = reversed.has(arrow) ? turned(path) : path;
    const pieces = [
      ...out.slice(0, -1).map((child, i) => ({ container: out[i + 1] ?? "", from: child, to: undefined })),
      { container, from: out.at(-1), to: into[0] },
      ...into.slice(1).map((child, i) => ({ container: into[i] ?? "", from: undefined, to: child })),
    ];
    for (const { container: inside, from, to } of pieces) {
      appendTo(links, inside, { arrow, from, to, labelled: inside === container });
    }
    return { containers: pieces.map((piece) => piece.container), across: Math.max(0, out.length - 1) };
  });
  return { links, passes, reversed };
}

/** The way of an arrow: out of boxes, innermost first, across their common container, into boxes, outermost first. */
interface Path {
  readonly out: readonly string[];
  readonly container: string;
  readonly into: readonly string[];
}

/** A box and all boxes around it, innermost first. */
function ancestry(name: string, parents: ReadonlyMap<string, string>): readonly string[] {
  const found = [name];
  for (let at = parents.get(name); at !== undefined; at = parents.get(at)) found.push(at);
  return found;
}

/** The common container is the box itself where one end holds the other: then the arrow ends at its border. */
function meet(froms: readonly string[], tos: readonly string[]): Path {
  const around = new Set(tos);
  const container = froms.find((name) => around.has(name)) ?? FLOW_BOX;
  return {
    out: froms.slice(0, froms.indexOf(container)),
    container,
    into: tos.slice(0, tos.indexOf(container)).reverse(),
  };
}

function turned({ out, container, into }: Path): Path {
  return { out: into.toReversed(), container, into: out.toReversed() };
}

/** Arrows that close a cycle among the children of a container; lifted graphs have none, arms may. */
function backward(paths: readonly Path[]): ReadonlySet<number> {
  const reversed = new Set<number>();
  const inside = new Map<string, { arrow: number; from: string; to: string }[]>();
  for (const [arrow, { out, container, into }] of paths.entries()) {
    const [from, to] = [out.at(-1), into[0]];
    if (from !== undefined && to !== undefined) appendTo(inside, container, { arrow, from, to });
  }
  for (const edges of inside.values()) {
    const whole = new Graph({ directed: true });
    for (const { from, to } of edges) whole.setEdge(from, to);
    if (alg.isAcyclic(whole)) continue;
    const graph = new Graph({ directed: true });
    for (const { arrow, from, to } of edges) {
      graph.setEdge(from, to);
      if (alg.isAcyclic(graph)) continue;
      graph.removeEdge(from, to);
      reversed.add(arrow);
    }
  }
  return reversed;
}
