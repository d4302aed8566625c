/**
 * The graph while the walk builds it. A draft is one node in one inlined call path; asking for it again (loops are
 * walked until nothing changes) gives the same draft. `finish-graph.ts` turns drafts into the document.
 */
import type { GraphNode, Site, Span } from "@millrace/core";
import type { Node } from "ts-morph";
import type { Source } from "./values.js";

/** Most nodes of one flow; beyond, what calls hide is one dynamic node. */
export const MAX_NODES = 2000;

/** A node under construction. */
export interface Draft {
  /** Order of creation: pre-order of source after inlining. */
  readonly index: number;
  kind: GraphNode["kind"];
  readonly parent: Draft | undefined;
  readonly arm: string | undefined;
  readonly span: Span;
  /** First part of the id: task, flow or step name, `options.name`, or the kind. */
  readonly label: string | undefined;
  readonly site: Site | undefined;
  readonly frames: readonly Site[];
  /** Fields of the document's node that are particular to its kind. */
  readonly detail: DraftDetail;
  /** Loops: values that one turn hands to a later one. */
  readonly carries: Map<string, { readonly from: Draft; readonly to: Draft; readonly param: string }>;
  /** Loops: true if a turn depends on a step of an earlier one. */
  dependent: boolean;
}

/** What only some kinds have. */
export interface DraftDetail {
  /** Task or flow id, name of a step or helper. */
  name?: string;
  /** Text of a condition, a loop's head, or what is iterated. */
  text?: string;
  mode?: Extract<GraphNode, { kind: "map" }>["mode"];
  closed?: true | { readonly reason: string };
  /** The loop is a recursion. */
  recursion?: true;
  reason?: string;
  candidates?: readonly string[];
  open?: true;
}

/** A data edge under construction. Where it leaves and enters containers is known when the walk is over. */
export interface DraftEdge {
  readonly source: Source;
  readonly to: Draft;
  readonly param: string;
  /** True if the value stands in a list, so that every instance arrives once it leaves a loop. */
  readonly inList: boolean;
}

/** How to make a draft. */
export interface DraftInit {
  readonly kind: GraphNode["kind"];
  readonly parent: Draft | undefined;
  readonly arm: string | undefined;
  readonly span: Span;
  readonly label?: string | undefined;
  readonly site?: Site | undefined;
  readonly frames?: readonly Site[];
  readonly detail?: DraftDetail;
}

/** Drafts and edges of one flow. */
export class DraftGraph {
  readonly drafts: Draft[] = [];
  /** Edges of the latest walk over each part: a loop cuts this back before it walks its body again. */
  edges: DraftEdge[] = [];
  readonly #known = new Map<string, Draft>();
  readonly #numbers = new Map<Node, number>();

  /** True when no further leaf fits. */
  get full(): boolean {
    return this.drafts.length >= MAX_NODES;
  }

  /** Number of a source node, for keys. */
  numberOf(source: Node): number {
    return this.#number(source);
  }

  /** The draft of a source node under its parent; made on first sight. `variant` tells drafts of one source node apart. */
  at(source: Node, variant: string, init: DraftInit): Draft {
    const key = `${init.parent?.index ?? ""}/${init.arm ?? ""}/${this.#number(source)}/${variant}`;
    let draft = this.#known.get(key);
    if (!draft) {
      draft = {
        index: this.drafts.length,
        kind: init.kind,
        parent: init.parent,
        arm: init.arm,
        span: init.span,
        label: init.label,
        site: init.site,
        frames: init.frames ?? [],
        detail: init.detail ?? {},
        carries: new Map(),
        dependent: false,
      };
      this.drafts.push(draft);
      this.#known.set(key, draft);
    }
    return draft;
  }

  #number(source: Node): number {
    const known = this.#numbers.get(source);
    if (known !== undefined) return known;
    this.#numbers.set(source, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** The containers around a draft, innermost first. */
export function containersOf(draft: Draft): readonly Draft[] {
  const found: Draft[] = [];
  for (let at = draft.parent; at; at = at.parent) found.push(at);
  return found;
}

/** True if `container` holds `draft`, at any depth. */
export function holds(container: Draft, draft: Draft): boolean {
  return containersOf(draft).includes(container);
}
