/** A body as its calls see it: what body-calls.ts and body-shared.ts need of flow-body.ts. */
import type { FlowEntry } from "@millrace/core";
import type { Body, RunScope } from "../../runs/run-scope.js";
import type { Place, RunHost } from "../../steps/unit.js";
import type { BodyPlaces } from "./body-places.js";
import type { Conformance } from "./conformance.js";
import type { IssuedUnits } from "./issued-units.js";
import type { PathsAhead } from "./paths-ahead.js";

/** The body whose code calls. */
export interface CallingBody {
  readonly scope: RunScope;
  readonly entry: FlowEntry;
  readonly host: RunHost;
  readonly places: BodyPlaces;
  readonly issued: IssuedUnits;
  readonly conformance: Conformance | undefined;
  /** Its code has ended, or nothing is delivered to it any more. */
  ended(): boolean;
  readonly ahead: PathsAhead;
  /** Opens the body of a sub-flow. @param after What lies ahead of the run when it has ended, ms. */
  open(entry: FlowEntry, place: Place, after: () => number): Body;
}
