/** What every drawing of a graph shows, before any syntax: boxes in boxes, and arrows between them. */
import type { GraphEdge, GraphNode } from "./flow-graph.js";

/** What became of a node in a run; `open`: it is not over. */
export type BoxOutcome = "succeeded" | "failed" | "aborted" | "skipped" | "open";

/** What sets a box apart, beside its kind: its failure ends all; it runs beside the others until they are over; how it ended, which its title says in words. */
export type BoxMark = "critical" | "forever" | BoxOutcome;

/** What boxes of nodes have. */
interface NodeBox {
  /** Unique in the drawing. */
  readonly name: string;
  /** Id of the node. */
  readonly id: string;
  /** How it looks. */
  readonly kind: GraphNode["kind"];
  readonly title: readonly string[];
  readonly marks: readonly BoxMark[];
  /** Of a flow graph, for those who say more of it. */
  readonly node?: GraphNode;
}

/** A node, a container with its content, or an arm of a container. */
export type Box =
  | (NodeBox & { readonly type: "leaf" })
  | (NodeBox & { readonly type: "container"; readonly content: readonly Box[] })
  | {
      readonly type: "arm";
      readonly name: string;
      readonly title: readonly string[];
      readonly content: readonly Box[];
    };

/** One arrow. */
export interface Arrow {
  /** Name of a box; a container for what leaves or enters it as a whole. */
  readonly from: string;
  readonly to: string;
  /** What it stands for; `sequence`: no edge, the source only stands before the target in the program. */
  readonly kind: GraphEdge["kind"] | "sequence";
  /** One line for each parameter. */
  readonly labels: readonly string[];
  /** True if the value arrives on some paths only. */
  readonly may: boolean;
  /** True if no value arrives as it is: all are computed, or only choose. */
  readonly derived: boolean;
  /** True if only errors arrive. */
  readonly error: boolean;
}

/** A drawing without syntax. */
export interface Drawing {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** The leaf of a box that stands first or last in the source: where a language cannot draw to a container. */
export function leafOf(box: Box, which: "first" | "last"): string {
  if (box.type === "leaf") return box.name;
  // What runs forever neither begins nor ends anything, and would draw what follows up beside the container.
  const inOrder = box.content.filter((inner) => inner.type === "arm" || !inner.marks.includes("forever"));
  const inner = inOrder.at(which === "first" ? 0 : -1);
  return inner ? leafOf(inner, which) : box.name;
}
