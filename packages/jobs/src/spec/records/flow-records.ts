/** The port behind stored flows: records by key, and one way to change them. Claims are made with it (claims.ts). */
import type { FlowDocument } from "../flow-document.js";

/** A stored flow. */
export interface FlowRecord {
  readonly flow: FlowDocument;
  /** Who ticks it. */
  readonly claim?: FlowClaim;
  /** When a runner gave it back last, in ms since 1970. */
  readonly tickedAt?: number;
}

/** A runner's right to tick a flow. */
export interface FlowClaim {
  readonly runner: string;
  /** Tells it from all other claims, of runners with the same name, too. */
  readonly id: string;
  /** When it ends unless it is renewed, in ms since 1970. */
  readonly until: number;
}

/** What becomes of a record; the one given is left as it is, and giving back the same one writes nothing. May be asked more than once. */
export type ChangeRecord = (record: FlowRecord | undefined) => FlowRecord | undefined;

/** Where flows are stored. Who changes a record decides on what is there: between the two nobody else changes it. */
export interface FlowRecords {
  /** Keys of all flows, sorted. */
  keys(): Promise<readonly string[]>;
  /** Changes a record, and gives what is there then. `undefined` from `change` leaves all as it is. */
  change(key: string, change: ChangeRecord): Promise<FlowRecord | undefined>;
  /** Removes a record, whatever it says; false if there was none. Who removes a flow claims it before. */
  remove(key: string): Promise<boolean>;
}
