/** What runs before what: an edge is derived from what tasks say of each other. */

/** `to` waits for `from`; names of tasks. */
export interface TaskEdge {
  readonly from: string;
  readonly to: string;
  /** `to` waits for what `from` adds, too. */
  readonly adds?: true;
}
