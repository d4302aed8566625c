/**
 * Reduction over the lifted graphs: an order is not said where data, control or a longer way lead from one sibling to
 * the other, a decision not about what comes behind something that it is about.
 */
import type { Draft } from "../draft.js";
import type { DraftControl } from "./control-edges.js";
import type { NodeTree } from "./node-tree.js";
import type { DraftOrder } from "./order-edges.js";

/** The edges of a graph, or the siblings that wait for each other in a circle. */
export type Reduced =
  | { readonly circle: readonly Draft[] }
  | { readonly controls: readonly DraftControl[]; readonly orders: readonly DraftOrder[] };

type Edge = Pick<DraftOrder, "from" | "to">;

/** Reduces control and order edges against each other and against data edges. */
export function reduceEdges(
  {
    data,
    controls,
    orders,
  }: { data: readonly Edge[]; controls: readonly DraftControl[]; orders: readonly DraftOrder[] },
  tree: NodeTree,
): Reduced {
  const levels = new Map<Draft | undefined, Level>();
  const place = (edge: Edge): { level: Level; from: Draft; to: Draft } | undefined => {
    const lifted = tree.lift(edge.from, edge.to);
    if (!lifted) return undefined;
    const level = levels.get(lifted.container) ?? new Level();
    levels.set(lifted.container, level);
    return { level, from: lifted.from, to: lifted.to };
  };
  const direct = new Set<string>();
  const pair = ({ from, to }: Edge): string => `${from.index}${from.kind}/${to.index}${to.kind}`;
  for (const edge of [...data, ...controls]) {
    const at = place(edge);
    if (!at) continue;
    at.level.add(at.from, at.to);
    direct.add(pair(at));
  }
  for (const edge of orders) {
    const at = place(edge);
    at?.level.add(at.from, at.to, edge.certainty === "may");
  }
  for (const level of levels.values()) {
    const circle = level.solve();
    if (circle) return { circle };
  }
  /** The same decision is about a sibling that leads here. */
  const decidedBefore = ({ from, to, port, via, on }: DraftControl): boolean =>
    controls.some((other) => {
      if (!other.reducible || other.from !== from || other.port !== port) return false;
      if (other.via !== via || other.on !== on) return false;
      const at = place({ from: other.to, to });
      return at !== undefined && at.from === other.to && at.level.reaches(at.from, at.to);
    });
  return {
    controls: controls.filter((edge) => !edge.reducible || !decidedBefore(edge)),
    orders: orders.filter((edge) => {
      const at = place(edge);
      return at !== undefined && !direct.has(pair(at)) && !at.level.isImplied(at.from, at.to);
    }),
  };
}

/** Siblings of one container and the edges between them. */
class Level {
  readonly #before = new Map<Draft, Set<Draft>>();
  readonly #strong = new Map<Draft, Set<Draft>>();
  readonly #implied = new Map<Draft, ReadonlySet<Draft>>();
  readonly #ancestors = new Map<Draft, Bits>();
  readonly #rank = new Map<Draft, number>();

  /** `weak`: it does not always hold, so that nothing follows from it. */
  add(from: Draft, to: Draft, weak = false): void {
    if (!weak) this.#strong.set(to, (this.#strong.get(to) ?? new Set()).add(from));
    if (!this.#before.has(from)) this.#before.set(from, new Set());
    const known = this.#before.get(to) ?? new Set();
    this.#before.set(to, known.add(from));
  }

  /** Finds for each node which of its predecessors a longer way leads from. Gives a circle if there is one. */
  solve(): readonly Draft[] | undefined {
    const order = this.#topological();
    if (order.length < this.#before.size) return this.#circle(new Set(order));
    order.forEach((node, index) => {
      this.#rank.set(node, index);
    });
    const rankOf = (draft: Draft): number => this.#rank.get(draft) ?? 0;
    for (const node of order) {
      const reached = new Bits(order.length);
      const implied = new Set<Draft>();
      for (const from of [...(this.#before.get(node) ?? [])].sort((a, b) => rankOf(b) - rankOf(a))) {
        if (reached.has(rankOf(from))) implied.add(from);
        if (!this.#strong.get(node)?.has(from)) continue;
        const above = this.#ancestors.get(from);
        if (above) reached.addAll(above);
        reached.add(rankOf(from));
      }
      this.#ancestors.set(node, reached);
      this.#implied.set(node, implied);
    }
    return undefined;
  }

  reaches(from: Draft, to: Draft): boolean {
    const rank = this.#rank.get(from);
    return rank !== undefined && (this.#ancestors.get(to)?.has(rank) ?? false);
  }

  isImplied(from: Draft, to: Draft): boolean {
    return this.#implied.get(to)?.has(from) ?? false;
  }

  #topological(): readonly Draft[] {
    const waiting = new Map([...this.#before].map(([node, before]) => [node, before.size]));
    const after = new Map<Draft, Draft[]>();
    for (const [node, before] of this.#before) {
      for (const from of before) after.set(from, [...(after.get(from) ?? []), node]);
    }
    const order = [...waiting].filter(([, count]) => count === 0).map(([node]) => node);
    for (const node of order) {
      for (const next of after.get(node) ?? []) {
        const left = (waiting.get(next) ?? 0) - 1;
        waiting.set(next, left);
        if (left === 0) order.push(next);
      }
    }
    return order;
  }

  /** The nodes that reach each other, of those that have no place in an order. */
  #circle(placed: ReadonlySet<Draft>): readonly Draft[] {
    const stuck = [...this.#before.keys()].filter((node) => !placed.has(node));
    const above = (node: Draft): ReadonlySet<Draft> => {
      const seen = new Set<Draft>();
      const open = [node];
      for (let at = open.pop(); at; at = open.pop()) {
        for (const from of this.#before.get(at) ?? []) {
          if (seen.has(from)) continue;
          seen.add(from);
          open.push(from);
        }
      }
      return seen;
    };
    const reaching = new Map(stuck.map((node) => [node, above(node)]));
    const start = stuck.find((node) => reaching.get(node)?.has(node));
    return stuck.filter((node) => start && reaching.get(start)?.has(node) && reaching.get(node)?.has(start));
  }
}

/** A set of small numbers. */
class Bits {
  readonly #words: Uint32Array;

  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >> 5);
  }

  has(bit: number): boolean {
    return (((this.#words[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  add(bit: number): void {
    this.#words[bit >> 5] = (this.#words[bit >> 5] ?? 0) | (1 << (bit & 31));
  }

  addAll(other: Bits): void {
    for (let i = 0; i < this.#words.length; i += 1) this.#words[i] = (this.#words[i] ?? 0) | (other.#words[i] ?? 0);
  }
}
