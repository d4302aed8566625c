/**
 * One activation of a flow as it runs, beside its graph: which nodes have been issued and settled in which frames. Says
 * of each call whether it conforms to the graph. Called by the flow driver, in the order in which things happen.
 */
import type { GraphEdge, GraphNode } from "../flow-graph.js";
import { checkCause } from "./check-cause.js";
import { checkEdges } from "./check-edges.js";
import { checkValues } from "./check-values.js";
import type { GraphRules } from "./graph-rules.js";
import type { GraphWitness, MapSize } from "./graph-witness.js";
import type { Cause, Tally, Trace, TracedCall, TracedFrame } from "./traced-call.js";
import { ValueOrigins } from "./value-origins.js";
import type { Violation } from "./violation.js";

const NONE: Tally = { issued: 0, result: 0, error: 0 };
/** Stands for the body itself, around which there is no frame. */
const BODY = {};

/** The trace of one body. */
export class BodyTrace implements Trace {
  readonly rules: GraphRules;
  /** Edges whose source had settled on their port when their target was issued. */
  readonly exercised: Set<GraphEdge> = new Set();
  /** By node, then by the innermost of the frames that count. */
  readonly #tallies = new Map<string, Map<object, { -readonly [K in keyof Tally]: Tally[K] }>>();

  readonly #origins = new ValueOrigins<Cause>();
  /** Sizes of maps that say how many items they have. */
  readonly #sizes = new Map<string, Set<MapSize>>();
  readonly #announced = new Set<string>();

  constructor(rules: GraphRules) {
    this.rules = rules;
  }

  /**
   * A call is issued, with what it is given. `cause`: the outcome that the body goes on from, if it is known.
   * Gives what the graph has against it.
   */
  issue(call: TracedCall, given: object, cause: Cause | undefined): readonly Violation[] {
    const violations: Violation[] = [];
    if (this.#fits(call)) {
      // Of a call that may be another one nothing is asked, but edges into it count as exercised.
      const faults = checkEdges(this, call);
      if (!this.rules.blurred(call.node.id)) violations.push(...faults);
      if (cause && this.#fits(cause)) violations.push(...checkCause(this, call, cause));
      violations.push(...checkValues(this.rules, call, { given, origins: this.#origins }));
    }
    this.#count(call, "issued");
    return violations;
  }

  /** A map is about to run its items. */
  beginMap(node: string, items: number): void {
    add(this.#sizes, node, sizeOf(items));
    this.#announced.add(node);
  }

  /** What of the graph this body has shown. `succeeded`: it ran to its end, so that what it left out was empty. */
  witnessed(succeeded: boolean): GraphWitness {
    const { graph } = this.rules.index;
    const sizes = new Map([...this.#sizes].map(([node, seen]) => [node, new Set(seen)]));
    for (const node of graph.nodes) {
      if (node.kind !== "map" || this.#announced.has(node.id)) continue;
      for (const items of this.#items(node)) add(sizes, node.id, sizeOf(items));
      if (succeeded && node.parent === undefined && !sizes.has(node.id)) add(sizes, node.id, "0");
    }
    return {
      nodes: graph.nodes.filter((node) => this.#tallies.has(node.id)).map((node) => node.id),
      edges: graph.edges.flatMap((edge, at) => (this.exercised.has(edge) ? [at] : [])),
      sizes: Object.fromEntries([...sizes].map(([node, seen]) => [node, [...seen].sort()])),
    };
  }

  /** Items that called something: one count for each execution; of a loop statement, one for all its turns. */
  #items(map: GraphNode): readonly number[] {
    const site = map.kind === "map" ? map.site : undefined;
    const executions = new Map<object, Set<object>>();
    let turns = 0;
    for (const leaf of this.rules.leaves(map.id)) {
      const tallies = this.#tallies.get(leaf);
      turns = Math.max(turns, tallies?.get(BODY)?.issued ?? 0);
      for (const frame of tallies?.keys() ?? []) {
        const { site: at, item } = frame as Partial<TracedFrame>;
        if (!item || at !== site) continue;
        executions.set(item.execution, (executions.get(item.execution) ?? new Set()).add(frame));
      }
    }
    if (site !== undefined) return [...executions.values()].map((items) => items.size);
    return turns === 0 ? [] : [turns];
  }

  /** The body gets an outcome: a result, or what it fails with. */
  settle(outcome: Cause, value: unknown): void {
    this.#count(outcome, outcome.port);
    if (this.#fits(outcome)) this.#origins.note(value, outcome);
  }

  /** Counts of a node within the first so many frames of a call. */
  tally(node: string, frames: readonly TracedFrame[], shared: number): Tally {
    return this.#tallies.get(node)?.get(frames[shared - 1] ?? BODY) ?? NONE;
  }

  /** What stands in deeper recursion has more frames; what was found by its site alone may have others. */
  #fits({ node, frames }: TracedCall): boolean {
    const expected = "frames" in node ? (node.frames ?? []) : [];
    return expected.every((site, at) => frames[at]?.site === site);
  }

  #count({ node, frames }: TracedCall, what: keyof Tally): void {
    let tallies = this.#tallies.get(node.id);
    if (!tallies) {
      tallies = new Map();
      this.#tallies.set(node.id, tallies);
    }
    for (const frame of [BODY, ...frames]) {
      const tally = tallies.get(frame) ?? { ...NONE };
      tally[what] += 1;
      tallies.set(frame, tally);
    }
  }
}

function sizeOf(items: number): MapSize {
  return items === 0 ? "0" : items === 1 ? "1" : "n";
}

function add(sizes: Map<string, Set<MapSize>>, node: string, size: MapSize): void {
  sizes.set(node, (sizes.get(node) ?? new Set()).add(size));
}
