/** What the edges of one graph ask of a run, worked out once: who stands in whose way, and where a way leads at all. */
import { appendTo } from "../../collections/append-to.js";
import type { GraphEdge, GraphNode } from "../flow-graph.js";
import { CONTAINER_KINDS } from "../flow-graph.js";
import type { GraphIndex } from "../index-graph.js";
import { liftEdges } from "../lift.js";

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

/** The rules of one graph. */
export class GraphRules {
  readonly index: GraphIndex;
  readonly #ways: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  readonly #into = new Map<string, GraphEdge[]>();
  readonly #outOf = new Map<string, GraphEdge[]>();
  readonly #leaves = new Map<string, string[]>();
  readonly #relations = new Map<string, Relation | undefined>();

  constructor(index: GraphIndex) {
    this.index = index;
    for (const edge of index.graph.edges) {
      appendTo(this.#into, edge.to, edge);
      appendTo(this.#outOf, edge.from, edge);
    }
    for (const node of index.graph.nodes) {
      if (CONTAINER_KINDS.has(node.kind)) continue;
      for (const id of this.#chain(node.id)) appendTo(this.#leaves, id, node.id);
    }
    const ways = new Map<string, Map<string, Set<string>>>();
    for (const [container, edges] of liftEdges(index.graph, index)) {
      const next = new Map<string, Set<string>>();
      for (const { from, to } of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
      ways.set(container, next);
    }
    this.#ways = ways;
  }

  /** Edges into a node or what holds it. */
  into(id: string): readonly GraphEdge[] {
    return this.#chain(id).flatMap((at) => this.#into.get(at) ?? []);
  }

  /** Edges out of a node or what holds it. */
  outOf(id: string): readonly GraphEdge[] {
    return this.#chain(id).flatMap((at) => this.#outOf.get(at) ?? []);
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

  /** True if a way leads from one node to the other through the lifted graph of what holds both. */
  hasWay(from: string, to: string): boolean {
    const [froms, tos] = [this.#chain(from), this.#chain(to)];
    const holder = froms.find((id) => tos.includes(id));
    const below = (ids: readonly string[]): string =>
      ids[(holder === undefined ? ids.length : ids.indexOf(holder)) - 1] ?? "";
    const next = this.#ways.get(holder ?? "");
    const goal = below(tos);
    const seen = new Set<string>();
    const queue = [below(froms)];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (at === goal) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...(next?.get(at) ?? []));
    }
    return false;
  }

  /** True if the node, or something that holds it, runs several times. */
  repeats(id: string): boolean {
    return this.#holders(id).some(isRepeating);
  }

  /** True for an entrant of a race: it may go on after the race is over. */
  races(id: string): boolean {
    if (this.#holders(id).some((node) => node.kind === "race")) return true;
    return this.#chain(id).some((at) =>
      this.#outOf.get(at)?.some((e) => e.kind !== "control" && e.group !== undefined),
    );
  }

  #chain(id: string): readonly string[] {
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
