/** What the page of a graph knows about its nodes: written into the page as JSON, read by its script. */

/** One parameter of a task or flow. */
export interface ParameterDetails {
  readonly name: string;
  /** TypeScript text. */
  readonly type: string;
  /** `required`, `optional`, or the default as source text. */
  readonly need: string;
  readonly doc?: string;
}

/** A value that arrives or leaves. */
export interface NeighbourDetails {
  /** Element of the other node in the picture. */
  readonly element: string;
  readonly text: string;
}

/** All that is known about a node, or about the flow as a whole. */
export interface Details {
  /** Element in the picture; `flow` for the whole. */
  readonly element: string;
  readonly title: string;
  /** Kind of node. */
  readonly kind: string;
  readonly doc?: string;
  /** Label and value, in the order in which they are shown. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly params: readonly ParameterDetails[];
  readonly incoming: readonly NeighbourDetails[];
  readonly outgoing: readonly NeighbourDetails[];
}

/** The document in the page. */
export interface PageData {
  readonly flow: Details;
  /** In order of the graph. */
  readonly nodes: readonly Details[];
}
