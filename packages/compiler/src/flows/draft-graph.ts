/**
 * The graph while the walk builds it. A draft is one node in one inlined call path; asking for it again (loops are
 * walked until nothing changes) gives the same draft. `finish/` turns drafts into the document.
 */
import type { GraphNode, Site, Span } from "@millrace/core";
import type { Node } from "ts-morph";
import type { Draft, DraftDetail } from "./draft.js";
import type { Guards } from "./guards.js";
import type { Source } from "./source.js";
import type { Steps } from "./steps.js";
import type { Winner } from "./value.js";

/** Most nodes of one flow; beyond, what calls hide is one dynamic node. */
export const MAX_NODES = 2000;

/** A data edge under construction. Where it leaves and enters containers is known when the walk is over. */
export interface DraftEdge {
  readonly source: Source;
  readonly to: Draft;
  readonly param: string;
  /** True if the value stands in a list, so that every instance arrives once it leaves a loop. */
  readonly inList: boolean;
}

/** Where a step is issued: what has settled by then, and which exits were not taken. */
export interface DraftIssue {
  readonly node: Draft;
  readonly steps: Steps;
  readonly winners: readonly Winner[];
  readonly guards: Guards;
}

/** What a container decides by. */
export interface DraftDecision {
  readonly container: Draft;
  readonly sources: readonly Source[];
  /** The arm that it decides about; undefined: all that do not hold the source. */
  readonly arm: string | undefined;
  /** The failure is the first of several steps that were awaited together. */
  readonly first: boolean;
}

/** Where the body waits for something that is no step. */
export interface ForeignAwait {
  /** What is awaited or iterated. */
  readonly node: Node;
  /** What makes the promises. */
  readonly origins: readonly Node[];
  /** What leads there: calls and accesses, outermost first. */
  readonly way: readonly Node[];
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
  /** What the latest walk over each part has found: a loop cuts these back before it walks its body again. */
  readonly edges: DraftEdge[] = [];
  readonly issues: DraftIssue[] = [];
  readonly decisions: DraftDecision[] = [];
  readonly foreignAwaits: ForeignAwait[] = [];
  /** Packages that were handed steps: what they give may wait for those. */
  readonly entrusted: Set<string> = new Set();
  /** Steps that may lose a race and that nothing awaits behind it. */
  readonly abandoned: Set<Draft> = new Set();
  readonly #known = new Map<string, Draft>();
  readonly #numbers = new Map<Node, number>();

  /** True when no further leaf fits. */
  get full(): boolean {
    return this.drafts.length >= MAX_NODES;
  }

  /** Marks a point of the walk; the function given back forgets what was found since. */
  mark(): () => void {
    const lists: readonly unknown[][] = [this.edges, this.issues, this.decisions, this.foreignAwaits];
    const lengths = lists.map((list) => list.length);
    return () => {
      lists.forEach((list, index) => {
        list.length = lengths[index] ?? 0;
      });
    };
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
