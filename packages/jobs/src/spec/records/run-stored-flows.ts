/**
 * Runners of stored flows: one claims flows, ticks each while something can begin, and gives it back. A claim ends by itself, so that the flows of a
 * runner that died are ticked by another one; what the dead one wrote last is where that goes on.
 */
import { isMillraceError, MillraceError } from "@millrace/core";
import { checkTypes } from "../check-types.js";
import { flowFromJson, type SpecFlow } from "../flow.js";
import type { FlowDocument } from "../flow-document.js";
import { storedKey } from "../handlers/stored-child.js";
import { reasonOf } from "../reason-of.js";
import type { TickOptions } from "../task-handler.js";
import { endFlow, tickFlow } from "../tick-flow.js";
import { type ClaimOptions, claimRecord, type HeldRecord, isFree, timeOf } from "./claims.js";
import type { FlowRecord, FlowRecords } from "./flow-records.js";
import { recordOf } from "./stored-flows.js";
import { WatchedRecords } from "./watched-records.js";

/** Options of `runStoredFlows`. */
export interface StoredRunOptions extends Omit<TickOptions, "stored">, ClaimOptions {
  /** Most flows that this round claims. Default: all. */
  readonly maxFlows?: number;
  /** Most ticks of a flow in this round. Default 500. */
  readonly maxTicks?: number;
  /** Which flows this runner ticks, as a queue. Asked of each that is not over and that nobody holds. Default: all. */
  readonly only?: (flow: SpecFlow) => boolean;
  /** Ends the round behind the tick that goes on. */
  readonly signal?: AbortSignal;
}

/** What a round came to, by keys of flows. */
export interface StoredRunReport {
  /** Those that were claimed and given back, over or not. */
  readonly ticked: readonly string[];
  /** Those of them that are over now. */
  readonly over: readonly string[];
  /** Those whose claim ended under this runner: the tick in which it noticed was not written. */
  readonly lost: readonly string[];
  /** Those that this runner cannot tick, or not any further, and why: a type without a handler here, a damaged record. */
  readonly refused: readonly { readonly key: string; readonly reason: string }[];
}

/** One round of a runner: claims, ticks, gives back; one flow after the other, those first whose last tick is longest ago. */
export async function runStoredFlows(records: FlowRecords, options: StoredRunOptions): Promise<StoredRunReport> {
  checkOptions(options);
  const { maxFlows = Number.POSITIVE_INFINITY } = options;
  const report = { ticked: [] as string[], over: [] as string[], lost: [] as string[], refused: [] as Refusal[] };
  const { due, refused } = await dueFlows(records, options);
  report.refused.push(...refused);
  for (const key of due) {
    if (report.ticked.length + report.lost.length >= maxFlows || options.signal?.aborted) break;
    const claimed = await claimRecord(records, key, options, (there) =>
      there && !isOver(there.flow) ? there : undefined,
    );
    if (!claimed) continue;
    const { held, record } = claimed;
    const flow = flowFromJson(record.flow);
    const kept = await tickWhileSomethingBegins({ records, flow, held, options }, (reason) =>
      report.refused.push({ key, reason }),
    );
    (kept ? report.ticked : report.lost).push(key);
    if (kept && flow.isOver) report.over.push(key);
  }
  return report;
}

type Refusal = StoredRunReport["refused"][number];

/** A limit that is none must not be taken for no limit. */
function checkOptions({ runner, ...given }: StoredRunOptions): void {
  if (runner === "")
    throw new MillraceError("invalid-options", "A runner of stored flows has a name that is not empty.");
  for (const name of ["maxFlows", "maxTicks", "claimMs"] as const) {
    const value = given[name];
    if (value === undefined || value >= 1) continue;
    throw new MillraceError("invalid-options", `${name} must be a number from 1, not ${value}.`, { data: { name } });
  }
}

/** Flows that a round of this runner would tick, as far as is known before, and those that it would refuse. Nothing is changed. */
export async function dueFlows(
  records: FlowRecords,
  options: Omit<StoredRunOptions, "runner">,
): Promise<{ readonly due: readonly string[]; readonly refused: readonly Refusal[] }> {
  const refused: Refusal[] = [];
  const due: { readonly key: string; readonly tickedAt: number }[] = [];
  for (const key of await records.keys()) {
    try {
      const record = await recordOf(records, key);
      if (!record || isOver(record.flow) || !isFree(record, options)) continue;
      const flow = flowFromJson(record.flow);
      // One that waits for others alone is left until they are over.
      if ((options.only && !options.only(flow)) || (await waitsInVain(records, flow))) continue;
      checkTypes(flow, options);
      due.push({ key, tickedAt: record.tickedAt ?? 0 });
    } catch (error) {
      // It is about this flow; what the records themselves fail with ends the round.
      if (!isMillraceError(error)) throw error;
      refused.push({ key, reason: error.message });
    }
  }
  due.sort((a, b) => a.tickedAt - b.tickedAt);
  return { due: due.map(({ key }) => key), refused };
}

function isOver({ status }: FlowDocument): boolean {
  return status === "COMPLETED" || status === "FAILED";
}

/** True if a tick would change nothing: all that it would tick waits for stored flows that are not over. */
async function waitsInVain(records: FlowRecords, flow: SpecFlow): Promise<boolean> {
  const due = flow.tickableTasks();
  for (const { status, data } of due) {
    const key = status === "RUNNING" ? storedKey(data) : undefined;
    const child = key === undefined ? undefined : await recordOf(records, key);
    if (!child || isOver(child.flow)) return false;
  }
  return due.length > 0 && !(await isForsaken(records, flow));
}

/** A flow that this runner has claimed. */
interface ClaimedFlow {
  readonly records: FlowRecords;
  readonly flow: SpecFlow;
  readonly held: HeldRecord<FlowRecord>;
  readonly options: StoredRunOptions;
}

/** Gives the flow back in the end. False if the claim was lost on the way. */
async function tickWhileSomethingBegins(
  { records, flow, held, options }: ClaimedFlow,
  refuse: (reason: string) => void,
): Promise<boolean> {
  const { maxTicks = 500, signal } = options;
  const watched = new WatchedRecords(records);
  for (let tick = 1; ; tick++) {
    const isEnded = await isForsaken(records, flow);
    let document: FlowDocument;
    try {
      if (isEnded) endFlow(flow, `"${flow.document.waitedFor}" is over, and nobody waits for this flow.`);
      else {
        const stored = { records: watched, parent: flow.key };
        await held.whileRenewing(() => tickFlow(flow, { ...options, stored }));
      }
      document = flow.toJSON();
    } catch (error) {
      // A task of a type that this runner does not have was added: the flow is as it was.
      refuse(reasonOf(error));
      return held.change((there) => givenBack(there.flow, options));
    }
    // A task that stores flows has met it: what it has made of that is not written.
    watched.throwFailure();
    const mayGoOn = tick < maxTicks && !signal?.aborted;
    const goesOn = mayGoOn && flow.tickableTasks().some(({ status }) => status === "PENDING");
    const written = (): FlowRecord => (goesOn ? held.renewed({ flow: document }) : givenBack(document, options));
    if (!(await held.change(written))) return false;
    if (!goesOn) return true;
  }
}

function givenBack(flow: FlowDocument, options: StoredRunOptions): FlowRecord {
  return { flow, tickedAt: timeOf(options) };
}

/** True if the stored flow that waited for it is over: it failed by another task. */
async function isForsaken(records: FlowRecords, { document: { waitedFor } }: SpecFlow): Promise<boolean> {
  if (waitedFor === undefined) return false;
  const parent = await recordOf(records, waitedFor);
  return parent !== undefined && isOver(parent.flow);
}
