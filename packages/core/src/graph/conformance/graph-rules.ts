/** What the edges of one graph ask of a run, worked out once: who stands in whose way, and where a way leads at all. */
import { appendTo } from "../../collections/append-to.js";
import type { GraphEdge, GraphNode } from "../flow-graph.js";
import { CONTAINER_KINDS } from "../flow-graph.js";
import type { GraphIndex } from "../index-graph.js";
import { type LiftedEdge, liftEdges } from "../lift.js";

/** How two nodes stand to each other: below the lowest container that holds both. */
export interface Relation {
  /** Frames that both have in common; their first so many must be the same for one activation. */
  readonly shared: number;
  /** The container around both repeats, or one around it, without a frame for each turn: turns cannot be told apart. */
  readonly turns: boolean;
  /** Containers within what holds both that the first node is or stands in; innermost first. */
  readonly above: readonly GraphNode[];
  /** The same of the second. */
  readonly aboveOther: readonly GraphNode[];
}

/** Siblings of one container. */
export interface Level {
  /** Edges by the sibling that they leave. */
  readonly next: ReadonlyMap<string, readonly LiftedEdge[]>;
  /** The sibling that the first node is or stands in. */
  readonly from: string;
  /** The same of the second. */
  readonly to: string;
}

const NOTHING: Level["next"] = new Map();

/** The rules of one graph. */
export class GraphRules {
  readonly index: GraphIndex;
  readonly #places: ReadonlyMap<string, number>;
  readonly #levels = new Map<string, Map<string, LiftedEdge[]>>();
  readonly #into = new Map<string, GraphEdge[]>();
  readonly #outOf = new Map<string, GraphEdge[]>();
  readonly #leaves = new Map<string, string[]>();
  readonly #relations = new Map<string, Relation | undefined>();

  constructor(index: GraphIndex) {
    this.index = index;
    this.#places = new Map(index.graph.nodes.map((node, place) => [node.id, place]));
    for (const edge of index.graph.edges) {
      appendTo(this.#into, edge.to, edge);
      appendTo(this.#outOf, edge.from, edge);
    }
    for (const node of index.graph.nodes) {
      if (CONTAINER_KINDS.has(node.kind)) continue;
      for (const id of this.chain(node.id)) appendTo(this.#leaves, id, node.id);
    }
    for (const [container, edges] of liftEdges(index.graph, index)) {
      const level = new Map<string, LiftedEdge[]>();
      for (const edge of edges) appendTo(level, edge.from, edge);
      this.#levels.set(container, level);
    }
  }

  /** Edges into a node or what holds it. */
  into(id: string): readonly GraphEdge[] {
    return this.chain(id).flatMap((at) => this.#into.get(at) ?? []);
  }

  /** Edges out of a node or what holds it. */
  outOf(id: string): readonly GraphEdge[] {
    return this.chain(id).flatMap((at) => this.#outOf.get(at) ?? []);
  }

  /** Edges out of a node alone. */
  leaving(id: string): readonly GraphEdge[] {
    return this.#outOf.get(id) ?? [];
  }

  /** Nodes that can be issued: the node itself, or those inside the container. */
  leaves(id: string): readonly string[] {
    return this.#leaves.get(id) ?? [];
  }

  /** Undefined if one holds the other, or they are the same. */
  relation(a: string, b: string): Relation | undefined {
    const key = JSON.stringify([a, b]);
    if (!this.#relations.has(key)) this.#relations.set(key, this.#relate(a, b));
    return this.#relations.get(key);
  }

  /** The lifted graph of what holds two nodes, and what they are in it. */
  level(a: string, b: string): Level {
    const [as, bs] = [this.chain(a), this.chain(b)];
    const holder = as.find((id) => bs.includes(id));
    const below = (ids: readonly string[]): string =>
      ids[(holder === undefined ? ids.length : ids.indexOf(holder)) - 1] ?? "";
    return { next: this.#levels.get(holder ?? "") ?? NOTHING, from: below(as), to: below(bs) };
  }

  /** True if both stand in the same arm of what holds both, or if that has none. */
  sharesArm(a: string, b: string): boolean {
    const { from, to } = this.level(a, b);
    return this.index.node(from)?.arm === this.index.node(to)?.arm;
  }

  /** True if the second stands in the handler of a `try` that holds the first: plain code that throws leads there without an edge. */
  handles(a: string, b: string): boolean {
    const { from, to } = this.level(a, b);
    return this.index.node(to)?.arm === "catch" && this.index.node(from)?.arm === "try";
  }

  /** True if a way leads from one node to the other through the lifted graph of what holds both. */
  hasWay(a: string, b: string): boolean {
    const { next, from, to } = this.level(a, b);
    const seen = new Set<string>();
    const queue = [from];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (at === to) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...(next.get(at) ?? []).map((edge) => edge.to));
    }
    return false;
  }

  /** True if the first stands before the second in the source, after inlining. */
  comesBefore(a: string, b: string): boolean {
    return (this.#places.get(a) ?? 0) < (this.#places.get(b) ?? 0);
  }

  /** True if the node, or something that holds it, runs several times. */
  repeats(id: string): boolean {
    return this.#holders(id).some(isRepeating);
  }

  /** True if some of what the node is or holds cannot be told apart from other nodes while it runs: nothing is asked of it. */
  blurred(id: string): boolean {
    return this.leaves(id).some((leaf) => this.index.isAmbiguous(leaf));
  }

  /** True for an entrant of a race: it may go on after the race is over. */
  races(id: string): boolean {
    if (this.#holders(id).some((node) => node.kind === "race")) return true;
    return this.chain(id).some((at) => this.#outOf.get(at)?.some((e) => e.kind !== "control" && e.group !== undefined));
  }

  /** The node and what holds it, innermost first. */
  chain(id: string): readonly string[] {
    return [id, ...this.index.ancestors(id).map((node) => node.id)];
  }

  #holders(id: string): readonly GraphNode[] {
    const node = this.index.node(id);
    return node ? [node, ...this.index.ancestors(id)] : [];
  }

  #relate(a: string, b: string): Relation | undefined {
    const [as, bs] = [this.#holders(a), this.#holders(b)];
    const at = as.findIndex((node) => bs.includes(node));
    const around = at < 0 ? [] : as.slice(at);
    if (around[0] && (around[0] === as[0] || around[0] === bs[0])) return undefined;
    return {
      shared: around.filter(hasFrame).length,
      turns: around.some((node) => isRepeating(node) && (!hasFrame(node) || isRecursion(node))),
      above: as.slice(0, as.length - around.length).filter(isContainer),
      aboveOther: bs.slice(0, bs.length - around.length).filter(isContainer),
    };
  }
}

/** True for what runs its content several times. */
export function isRepeating(node: GraphNode): boolean {
  return node.kind === "map" || node.kind === "loop";
}

function isContainer(node: GraphNode): boolean {
  return CONTAINER_KINDS.has(node.kind);
}

function isRecursion(node: GraphNode): boolean {
  return node.kind === "loop" && node.recursion === true;
}

/** What it holds runs in a frame of its own. */
function hasFrame(node: GraphNode): boolean {
  if (node.kind === "procedure") return node.merged === undefined;
  return (node.kind === "map" || node.kind === "loop") && node.site !== undefined;
}
