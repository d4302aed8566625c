/**
 * The static graph of a flow: what `manifest.json` holds and `flow graph --format json` prints.
 * A *node* is one call in one inlined call path; a *site* (identity/site.ts) is the call in the source.
 */
import type { Span } from "../diagnostics/diagnostic.js";
import type { Site } from "../identity/brands.js";
import type { MessageType } from "./message-type.js";

/** Version of this document. */
export const GRAPH_VERSION = 1;

/** The whole graph. Nodes stand in pre-order of source after inlining; edges are sorted by from, to, kind, param. */
export interface FlowGraph {
  readonly graphVersion: typeof GRAPH_VERSION;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What every node has. */
export interface NodeBase {
  /** Unique in the graph, for display and the command line within one build: `FetchForecast`, `FetchForecast~2`, `map`. */
  readonly id: string;
  /** Container that holds it; undefined at the top. */
  readonly parent?: string;
  /** Which arm of its parent it stands in: `then`, `else`, `case:…`, `default`, `try`, `catch`, `finally`, `left`, `right`, the index of a race's entrant. */
  readonly arm?: string;
  /** It may lose a race: then it is aborted and nothing of it is read. */
  readonly abandoned?: true;
  /** Where it stands in the source. */
  readonly span: Span;
}

/** What every node that a running body announces has: together, `frames` + `site` find the node. */
export interface SitedNode extends NodeBase {
  /** The call's name across builds. */
  readonly site: Site;
  /** Sites of the frames around it, outermost first: helper calls and callbacks of maps. */
  readonly frames: readonly Site[];
}

/** What a call is given, for finding it again when its site has changed. */
export interface GivenInputs {
  /**
   * Hash of its parameters' expressions (of a map: of the list), in which local variables stand as what defines them. Absent
   * in earlier builds.
   */
  readonly inputs?: string;
}

/** `this.call(Task, …)`. */
export interface CallNode extends SitedNode, GivenInputs {
  readonly kind: "call";
  /** Task id. */
  readonly task: string;
}

/** `this.call(Flow, …)`: one node; the inner ids stand in that flow's own graph. */
export interface SubflowNode extends SitedNode, GivenInputs {
  readonly kind: "subflow";
  /** Flow id. */
  readonly flow: string;
}

/** A fixed number of independent turns. */
export interface MapNode extends NodeBase, GivenInputs {
  readonly kind: "map";
  /** Absent for a sequential map, which has no frame of its own. */
  readonly site?: Site;
  readonly frames?: readonly Site[];
  readonly mode:
    | { readonly type: "sequential" }
    | { readonly type: "parallel" }
    | { readonly type: "bounded"; readonly limit: number | null };
  /** True if an item may be restored whole, else why not. */
  readonly closed: true | { readonly reason: string };
  /** Source text of what is iterated. */
  readonly over: string;
}

/** Any other loop, and recursion. */
export interface LoopNode extends NodeBase, GivenInputs {
  readonly kind: "loop";
  /** Present if the turns run in frames: a callback whose turns depend on each other, or recursion. */
  readonly site?: Site;
  readonly frames?: readonly Site[];
  /** Source text of its head. */
  readonly text: string;
  readonly recursion?: true;
  /** Values that one turn hands to a later one. */
  readonly carries: readonly { readonly from: string; readonly to: string; readonly param: string }[];
}

/** A condition around calls. */
export interface BranchNode extends NodeBase {
  readonly kind: "branch";
  /** Source text of the condition. */
  readonly condition: string;
}

/** `try/catch/finally` around calls. */
export interface TryNode extends NodeBase {
  readonly kind: "try";
}

/** First settled wins. */
export interface RaceNode extends NodeBase {
  readonly kind: "race";
}

/** A helper that reaches a call; one container for each call path. */
export interface ProcedureNode extends SitedNode {
  readonly kind: "procedure";
  /** Qualified name of the helper. */
  readonly name: string;
  /** Ids of containers that it replaces. */
  readonly merged?: readonly string[];
}

/** `this.step`, `this.sleep`, `this.waitFor`, `this.background`. */
export interface LocalNode extends SitedNode {
  readonly kind: "step" | "sleep" | "wait" | "background";
  /** Name given by the author, where there is one; of `background`, the task. */
  readonly name?: string;
  /** Of a wait with a type argument: what it takes. */
  readonly message?: MessageType;
}

/** What cannot be known before running. */
export interface DynamicNode extends NodeBase, GivenInputs {
  readonly kind: "dynamic";
  readonly site?: Site;
  readonly frames?: readonly Site[];
  /** Why it cannot be known. */
  readonly reason: string;
  /** Task and flow ids that it may be. */
  readonly candidates: readonly string[];
  /** True if even the candidates are not all known. */
  readonly open?: true;
}

/** Any node. */
export type GraphNode =
  | CallNode
  | SubflowNode
  | MapNode
  | LoopNode
  | BranchNode
  | TryNode
  | RaceNode
  | ProcedureNode
  | LocalNode
  | DynamicNode;

/** A value runs from a port of one node into a parameter of another. */
export interface DataEdge {
  readonly kind: "data";
  readonly from: string;
  readonly to: string;
  /** Parameter path of `to`: `forecasts`, `query.city`. */
  readonly param: string;
  /** Which outcome of `from` is read. */
  readonly port: "result" | "error";
  /** Property path of the result, if the value is a plain projection of it. */
  readonly path?: string;
  /** `direct`: the value itself or a projection; `derived`: computed from it. */
  readonly derivation: "direct" | "derived";
  /** `must`: on every path to the call of `to`; `may`: on some. */
  readonly certainty: "must" | "may";
  /** `choice`: `from` only selects which definition arrives. */
  readonly via: "value" | "choice";
  /** Set when the edge leaves maps or loops. */
  readonly gather?: "all" | "last" | "some";
  /** Set when the edge enters maps or loops: an item for each turn, or the same value for all. */
  readonly entry?: "spread" | "broadcast";
  /** Edges of one race share a group. */
  readonly group?: string;
}

/** A port flows into a predicate on which `to` depends. */
export interface ControlEdge {
  readonly kind: "control";
  readonly from: string;
  readonly to: string;
  readonly port: "result" | "error";
  readonly via?: "exit";
  readonly on?: "first-error";
}

/** Wherever both are issued in one activation, `to` is issued only after `from`, or all that it holds, has settled. */
export interface OrderEdge {
  readonly kind: "order";
  readonly from: string;
  readonly to: string;
  readonly on: "success" | "settled";
  /** `may`: on some paths, or for some instances of `from` only. */
  readonly certainty?: "may";
  /** Edges of one race share a group: one of them has settled. */
  readonly group?: string;
}

/** Any edge. */
export type GraphEdge = DataEdge | ControlEdge | OrderEdge;

/** Kinds that hold children. */
export const CONTAINER_KINDS: ReadonlySet<GraphNode["kind"]> = new Set([
  "map",
  "loop",
  "branch",
  "try",
  "race",
  "procedure",
]);
