/**
 * The longest path of the run that lies ahead of each step of a body, as far as the graphs of its flow and of those that it calls tell,
 * by what tasks have taken in this engine. Found out once for each body, when the first step asks.
 */
import { type GraphIndex, type GraphNode, remainingPaths } from "@millrace/core";

/** What is known of flows and tasks. */
export interface PathSource {
  graph(flow: string): GraphIndex | undefined;
  /** How long an attempt is expected to take, ms. */
  expected(task: string): number;
}

/** The paths of one body. */
export class PathsAhead {
  readonly #source: PathSource;
  readonly #flow: string;
  readonly #after: () => number;
  #paths: ReadonlyMap<string, number> | undefined;
  #end = 0;

  /** @param after What lies ahead of its run when the body has ended, ms. */
  constructor(source: PathSource, flow: string, after: () => number) {
    this.#source = source;
    this.#flow = flow;
    this.#after = after;
  }

  /** From the begin of a node to the run's end, whole ms. */
  from(node: string): number {
    const paths = this.#found();
    return Math.round((paths.get(node) ?? 0) + this.#end);
  }

  /** From the end of a sub-flow's node to the run's end, ms. */
  afterSubflow(node: string, flow: string): number {
    return Math.max(0, this.from(node) - lengthOf(this.#source, flow, []));
  }

  #found(): ReadonlyMap<string, number> {
    if (this.#paths) return this.#paths;
    this.#end = this.#after();
    this.#paths = pathsOf(this.#source, this.#flow, []);
    return this.#paths;
  }
}

function pathsOf(source: PathSource, flow: string, around: readonly string[]): ReadonlyMap<string, number> {
  const index = source.graph(flow);
  return index ? remainingPaths(index, (leaf) => ownTime(source, leaf, [...around, flow])) : new Map();
}

/** What the main thread does takes no thread's time, and nobody waits for what runs beside. */
function ownTime(source: PathSource, leaf: GraphNode, around: readonly string[]): number {
  if (leaf.kind === "call") return source.expected(leaf.task);
  return leaf.kind === "subflow" ? lengthOf(source, leaf.flow, around) : 0;
}

/** A flow's own longest path; nothing for one that calls itself, which the build refuses. */
function lengthOf(source: PathSource, flow: string, around: readonly string[]): number {
  return around.includes(flow) ? 0 : Math.max(0, ...pathsOf(source, flow, around).values());
}
