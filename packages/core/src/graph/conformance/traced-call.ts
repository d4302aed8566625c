/** What a trace knows of the calls of one body. */
import type { Site } from "../../identity/brands.js";
import type { GraphEdge, GraphNode } from "../flow-graph.js";
import type { GraphRules } from "./graph-rules.js";

/** A frame around a call, compared by identity: a helper call, or an item of a map. */
export interface TracedFrame {
  readonly site: Site;
  /** Undefined for helper calls. `execution` is one execution of the map. */
  readonly item: { readonly execution: object } | undefined;
}

/** How a call ended, as its body learns it. */
export type Port = "result" | "error";

/** A call that has been issued. */
export interface TracedCall {
  /** Its step key within the body: the same in each run. */
  readonly name: string;
  readonly node: GraphNode;
  /** Outermost first. */
  readonly frames: readonly TracedFrame[];
}

/** An outcome that the body goes on from. */
export interface Cause extends TracedCall {
  readonly port: Port;
}

/** How often a node was issued, and how its calls were delivered. */
export interface Tally {
  readonly issued: number;
  readonly result: number;
  readonly error: number;
}

/** The counts so far. */
export interface Trace {
  readonly rules: GraphRules;
  /** Edges whose source had settled on their port when their target was issued. */
  readonly exercised: Set<GraphEdge>;
  /** Counts of a node within the first so many frames of a call. */
  tally(node: string, frames: readonly TracedFrame[], shared: number): Tally;
}
