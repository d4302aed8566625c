/**
 * What may follow each step of a flow, in words that nest: a type, a list of what starts together, or a branch of what is
 * chosen between. A helper or sub-flow is a call with its return point; what is decided while running stays symbolic.
 */
import { CONTAINER_KINDS, type FlowGraph, type GraphEdge, type GraphNode } from "./flow-graph.js";
import { type GraphIndex, indexGraph } from "./index-graph.js";
import { type LiftedEdge, liftEdges } from "./lift.js";

/** What may follow. */
export type Follow =
  /** One step: a task or a step of the flow itself. */
  | { readonly type: "step"; readonly node: string; readonly task?: string }
  /** All of these, in no order among themselves. */
  | { readonly type: "list"; readonly of: readonly Follow[] }
  /** One of these; `on` is a condition, or the node whose outcome decides. */
  | { readonly type: "branch"; readonly on: string; readonly arms: Readonly<Record<string, Follow>> }
  /** For each turn of a map or loop. */
  | { readonly type: "each"; readonly node: string; readonly of: Follow }
  /** Another turn of a loop around. */
  | { readonly type: "again"; readonly node: string }
  /** Into a helper or another flow, and back: `returnsTo` are the nodes that come next then, none at the flow's end. */
  | {
      readonly type: "call";
      readonly node: string;
      readonly name: string;
      /** Undefined for a flow whose own successors tell; in the graph of a run its steps stand inside it. */
      readonly enters?: Follow;
      readonly returnsTo: readonly string[];
    }
  /** Known only once its receiver is called. */
  | {
      readonly type: "symbolic";
      readonly node: string;
      readonly reason: string;
      readonly candidates: readonly string[];
      readonly open?: true;
    }
  /** Back to where the innermost call of a rule says. */
  | { readonly type: "return" }
  /** The flow ends; of a rule, nothing follows. */
  | { readonly type: "end" };

/** The successors of one node. */
export interface Successors {
  readonly node: string;
  readonly follow: Follow;
}

/** What comes first in a flow, as node `start`, and what may follow each step, in order of the nodes. */
export function successorsOf(graph: FlowGraph): readonly Successors[] {
  const finder = new SuccessorFinder(graph);
  const steps = graph.nodes.filter((node) => !CONTAINER_KINDS.has(node.kind));
  return [
    { node: "start", follow: finder.first(undefined) },
    ...steps.map((node) => ({ node: node.id, follow: finder.after(node) })),
  ];
}

class SuccessorFinder {
  readonly #index: GraphIndex;
  readonly #lifted: ReadonlyMap<string, readonly LiftedEdge[]>;

  constructor(graph: FlowGraph) {
    this.#index = indexGraph(graph);
    this.#lifted = liftEdges(graph, this.#index);
  }

  /** What a container begins with; without one, the flow. */
  first(container: GraphNode | undefined, arm?: string): Follow {
    const fed = new Set(this.#edges(container?.id).map((edge) => edge.to));
    const children = this.#index.children(container?.id).filter((node) => arm === undefined || node.arm === arm);
    const free = children.filter((node) => !fed.has(node.id));
    // In an arm, all may depend on another arm.
    return listOf((free.length > 0 ? free : children.slice(0, 1)).map((node) => this.#enter(node)));
  }

  /** What may follow when a node is over. */
  after(node: GraphNode): Follow {
    const next = this.#next(node);
    if (next.length > 0) {
      const failing = next.filter(({ edges }) => edges.every(isError)).map(({ to }) => this.#enterId(to));
      const rest = next.filter(({ edges }) => !edges.every(isError)).map(({ to }) => this.#enterId(to));
      if (failing.length === 0) return listOf(rest);
      const result = rest.length > 0 ? listOf(rest) : this.#beyond(node);
      return { type: "branch", on: node.id, arms: { result, error: listOf(failing) } };
    }
    return this.#beyond(node);
  }

  #beyond(node: GraphNode): Follow {
    const parent = node.parent === undefined ? undefined : this.#index.node(node.parent);
    if (!parent) return { type: "end" };
    const after = this.after(parent);
    if (parent.kind !== "loop" && !(parent.kind === "map" && parent.mode.type === "sequential")) return after;
    const on = parent.kind === "loop" ? parent.text : parent.over;
    return { type: "branch", on, arms: { again: { type: "again", node: parent.id }, done: after } };
  }

  #enterId(id: string): Follow {
    const node = this.#index.node(id);
    return node ? this.#enter(node) : { type: "end" };
  }

  #enter(node: GraphNode): Follow {
    switch (node.kind) {
      case "call":
        return { type: "step", node: node.id, task: node.task };
      case "step":
      case "sleep":
      case "wait":
      case "background":
        return { type: "step", node: node.id };
      case "subflow":
        return {
          type: "call",
          node: node.id,
          name: node.flow,
          ...(this.#index.children(node.id).length > 0 ? { enters: this.first(node) } : {}),
          returnsTo: this.#returnPoint(node),
        };
      case "procedure":
        return {
          type: "call",
          node: node.id,
          name: node.name,
          enters: this.first(node),
          returnsTo: this.#returnPoint(node),
        };
      case "map":
      case "loop":
        return { type: "each", node: node.id, of: this.first(node) };
      case "race":
        return this.first(node);
      case "try":
        return this.first(node, this.#index.children(node.id)[0]?.arm);
      case "branch":
        return this.#choose(node);
      case "dynamic":
        return {
          type: "symbolic",
          node: node.id,
          reason: node.reason,
          candidates: node.candidates,
          ...(node.open ? { open: true } : {}),
        };
    }
  }

  #choose(node: Extract<GraphNode, { kind: "branch" }>): Follow {
    const names = new Set(this.#index.children(node.id).flatMap(({ arm }) => (arm === undefined ? [] : [arm])));
    // The left side of an operator is always evaluated.
    if (names.has("left")) return this.first(node, "left");
    const arms = Object.fromEntries([...names].map((arm) => [arm, this.first(node, arm)]));
    const whole = names.has("default") || (names.has("then") && names.has("else"));
    return { type: "branch", on: node.condition, arms: whole ? arms : { ...arms, otherwise: this.after(node) } };
  }

  /** Ids of the nodes that come after one, or after what holds it. */
  #returnPoint(node: GraphNode): readonly string[] {
    const next = this.#next(node).map(({ to }) => to);
    const parent = node.parent === undefined ? undefined : this.#index.node(node.parent);
    return next.length > 0 || !parent ? next : this.#returnPoint(parent);
  }

  /** Siblings that an edge leads to, without those that others lead to anyway. */
  #next(node: GraphNode): readonly LiftedEdge[] {
    const edges = this.#edges(node.parent);
    const direct = edges.filter((edge) => edge.from === node.id);
    return direct.filter(({ to }) => !direct.some((other) => other.to !== to && leads(edges, other.to, to)));
  }

  #edges(container: string | undefined): readonly LiftedEdge[] {
    return this.#lifted.get(container ?? "") ?? [];
  }
}

function leads(edges: readonly LiftedEdge[], from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const edge of edges) if (edge.from === at) queue.push(edge.to);
  }
  return false;
}

function isError(edge: GraphEdge): boolean {
  return edge.kind !== "order" && edge.port === "error";
}

function listOf(all: readonly Follow[]): Follow {
  const [only] = all;
  if (!only) return { type: "end" };
  return all.length === 1 ? only : { type: "list", of: all };
}
