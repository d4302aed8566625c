/** Watches over a body that is strict, or whose coverage is asked for: compares what it calls, and when, with its flow's graph (core/src/graph/conformance). */
import {
  BodyTrace,
  type GraphIndex,
  type GraphNode,
  GraphRules,
  type GraphWitness,
  MillraceError,
  type StepKey,
  type TracedCall,
  violationText,
} from "@millrace/core";
import type { Frame } from "@millrace/sdk/internal";

/** Rules by the graph that they come from: many bodies run one flow. */
const known = new WeakMap<GraphIndex, GraphRules>();
/** Timers of a test may be replaced later. */
const { setImmediate: afterDelivery } = globalThis;

/** The conformance of one body. */
export class Conformance {
  readonly #flow: string;
  readonly #trace: BodyTrace;
  readonly #calls = new Map<StepKey, TracedCall>();
  #cause: TracedCall | undefined;

  readonly #strict: boolean;

  constructor(flow: string, index: GraphIndex, strict: boolean) {
    this.#strict = strict;
    let rules = known.get(index);
    if (!rules) {
      rules = new GraphRules(index);
      known.set(index, rules);
    }
    this.#flow = flow;
    this.#trace = new BodyTrace(rules);
  }

  /** A call is about to be issued. Gives what the graph has against it; it counts as issued all the same. */
  issue(key: StepKey, node: GraphNode, frames: readonly Frame[]): MillraceError | undefined {
    const call: TracedCall = { node, frames };
    this.#calls.set(key, call);
    const [violation] = this.#trace.issue(call, this.#cause);
    if (!violation || !this.#strict) return undefined;
    return new MillraceError("graph-violated", `${this.#flow}: ${violationText(violation)}.`, {
      hint: "The graph is wrong, not the flow: report it as a bug, with the flow's source. Without --strict the run goes on.",
      data: { flow: this.#flow, key, ...violation },
    });
  }

  /** A map is about to run its items. */
  beginMap(node: string, items: number): void {
    this.#trace.beginMap(node, items);
  }

  /** What of the graph the body has shown. */
  witnessed(succeeded: boolean): GraphWitness {
    return this.#trace.witnessed(succeeded);
  }

  /** The body is about to get an outcome. What it issues until nothing moves any more is the effect of it. */
  delivered(key: StepKey, succeeded: boolean): void {
    const call = this.#calls.get(key);
    if (!call) return;
    this.#calls.delete(key);
    this.#trace.settle(call, succeeded ? "result" : "error");
    this.#cause = call;
    afterDelivery(() => {
      if (this.#cause === call) this.#cause = undefined;
    });
  }
}
