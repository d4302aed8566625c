/** A node of the graph while the walk builds it (draft-graph.ts makes them). */
import type { GraphNode, MessageType, Site, Span } from "@millrace/core";

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
  /** Hash of what the call is given (walk/inputs.ts). */
  inputs?: string;
  /** Task or flow id, name of a step or helper. */
  name?: string;
  /** Text of a condition, a loop's head, or what is iterated. */
  text?: string;
  /** What a wait takes. */
  message?: MessageType;
  mode?: Extract<GraphNode, { kind: "map" }>["mode"];
  closed?: true | { readonly reason: string };
  /** The loop is a recursion. */
  recursion?: true;
  reason?: string;
  candidates?: readonly string[];
  open?: true;
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
