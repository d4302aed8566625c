/** One lane as the dispatcher sees it. */
import type { Lane } from "@millrace/core";
import type { WorkKind } from "./admission/limits.js";

/** What a lane has in hand. */
export interface LaneState<E> {
  readonly lane: Lane;
  readonly kind: WorkKind;
  readonly inFlight: Map<number, E>;
  /** Expected work queued here, ms. */
  load: number;
  /** Of light lanes: how much of its thread the job in hand takes, in lanes. */
  weight: number;
}
