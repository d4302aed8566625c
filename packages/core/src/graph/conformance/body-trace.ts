/**
 * One activation of a flow as it runs, beside its graph: which nodes have been issued and settled in which frames. Says
 * of each call whether it conforms to the graph. Called by the flow driver, in the order in which things happen.
 */
import type { GraphEdge } from "../flow-graph.js";
import { checkCause } from "./check-cause.js";
import { checkEdges } from "./check-edges.js";
import type { GraphRules } from "./graph-rules.js";
import type { Port, Tally, Trace, TracedCall, TracedFrame } from "./traced-call.js";
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

  constructor(rules: GraphRules) {
    this.rules = rules;
  }

  /**
   * A call is issued. `cause`: the call whose delivery the body goes on from, if it is known.
   * Gives what the graph has against it.
   */
  issue(call: TracedCall, cause: TracedCall | undefined): readonly Violation[] {
    const violations = this.#fits(call)
      ? [...checkEdges(this, call), ...(cause && this.#fits(cause) ? checkCause(this.rules, call, cause) : [])]
      : [];
    this.#count(call, "issued");
    return violations;
  }

  /** The body gets the outcome of a call. */
  settle(call: TracedCall, port: Port): void {
    this.#count(call, port);
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
