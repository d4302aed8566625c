/**
 * Stored flows, and runners that tick them: a runner claims flows, ticks each while something can begin, and gives it back. A claim ends by itself,
 * so that the flows of a runner that died are ticked by another one; what the dead one wrote last is where that goes on.
 */
import { type Clock, MillraceError, systemClock } from "@millrace/core";
import { flowFromJson, SpecFlow } from "../flow.js";
import type { FlowDocument } from "../flow-document.js";
import { storedKey } from "../handlers/stored-child.js";
import type { TickOptions } from "../task-handler.js";
import { endFlow, tickFlow } from "../tick-flow.js";
import type { FlowClaim, FlowRecord, FlowRecords } from "./flow-records.js";

const CLAIM_MS = 60_000;

/** Options of `runStoredFlows`. */
export interface StoredRunOptions extends Omit<TickOptions, "stored"> {
  /** Name of the runner; runners that work at once have names of their own. */
  readonly runner: string;
  /** Most flows that this round claims. Default: all. */
  readonly maxFlows?: number;
  /** Most ticks of a flow in this round. Default 500. */
  readonly maxTicks?: number;
  /** How long a claim holds, in ms. It is renewed with each tick, and three times in that time while a tick goes on. Default 60,000. */
  readonly claimMs?: number;
  /** The source of time. Runners of one store have to agree on it within `claimMs`. */
  readonly clock?: Clock;
}

/** What a round came to, by keys of flows. */
export interface StoredRunReport {
  /** Those that were claimed and given back, over or not. */
  readonly ticked: readonly string[];
  /** Those of them that are over now. */
  readonly over: readonly string[];
  /** Those whose claim ended under this runner: the tick in which it noticed was not written. */
  readonly lost: readonly string[];
}

/** Stores a flow. @throws MillraceError `flow-spec-invalid` if its key is taken. */
export async function storeFlow(records: FlowRecords, flow: SpecFlow): Promise<void> {
  let taken = false;
  await records.change(flow.key, (record) => {
    taken = record !== undefined;
    return record ?? { flow: flow.toJSON() };
  });
  if (!taken) return;
  throw new MillraceError("flow-spec-invalid", `A flow with the key "${flow.key}" is stored already.`, {
    hint: "Give the spec another key, or none.",
    data: { key: flow.key },
  });
}

/** A stored flow as it was written last. */
export async function storedFlow(records: FlowRecords, key: string): Promise<SpecFlow | undefined> {
  const record = await records.change(key, () => undefined);
  return record && flowFromJson(record.flow);
}

/** One round of a runner: claims, ticks, gives back; one flow after the other. */
export async function runStoredFlows(records: FlowRecords, options: StoredRunOptions): Promise<StoredRunReport> {
  const { maxFlows = Number.POSITIVE_INFINITY } = options;
  const report = { ticked: [] as string[], over: [] as string[], lost: [] as string[] };
  for (const key of await records.keys()) {
    if (report.ticked.length + report.lost.length >= maxFlows) break;
    const record = await claim(records, key, options);
    if (!record) continue;
    const flow = flowFromJson(record.flow);
    const kept = await tickWhileSomethingBegins(records, flow, options);
    (kept ? report.ticked : report.lost).push(key);
    if (kept && flow.isOver) report.over.push(key);
  }
  return report;
}

/** Claims a flow that is not over and that no other runner holds. One that waits for others alone is left until they are over. */
async function claim(records: FlowRecords, key: string, options: StoredRunOptions): Promise<FlowRecord | undefined> {
  const there = await records.change(key, () => undefined);
  if (!there || !isFree(there, options) || (await waitsInVain(records, there.flow))) return undefined;
  let claimed = false;
  const record = await records.change(key, (now) => {
    claimed = now !== undefined && isFree(now, options);
    return claimed && now ? { ...now, claim: newClaim(options) } : now;
  });
  return claimed ? record : undefined;
}

function isFree({ flow, claim: held }: FlowRecord, options: StoredRunOptions): boolean {
  return !isOver(flow) && !(held && held.until > timeOf(options));
}

function isOver({ status }: FlowDocument): boolean {
  return status === "COMPLETED" || status === "FAILED";
}

/** True if a tick would change nothing: all that it would tick waits for stored flows that are not over. */
async function waitsInVain(records: FlowRecords, document: FlowDocument): Promise<boolean> {
  const flow = new SpecFlow(document);
  const due = flow.tickableTasks();
  for (const { status, data } of due) {
    const key = status === "RUNNING" ? storedKey(data) : undefined;
    const child = key === undefined ? undefined : await records.change(key, () => undefined);
    if (!child || isOver(child.flow)) return false;
  }
  return due.length > 0 && !(await isForsaken(records, flow));
}

/** False if the claim was lost on the way. */
async function tickWhileSomethingBegins(
  records: FlowRecords,
  flow: SpecFlow,
  options: StoredRunOptions,
): Promise<boolean> {
  const { maxTicks = 500 } = options;
  for (let tick = 1; ; tick++) {
    if (await isForsaken(records, flow))
      endFlow(flow, `"${flow.document.waitedFor}" is over, and nobody waits for this flow.`);
    else await tickUnderClaim(records, flow, options);
    const goesOn = tick < maxTicks && flow.tickableTasks().some(({ status }) => status === "PENDING");
    if (!(await write(records, flow, options, goesOn))) return false;
    if (!goesOn) return true;
  }
}

/** True if the stored flow that waited for it is over: it failed by another task. */
async function isForsaken(records: FlowRecords, { document: { waitedFor } }: SpecFlow): Promise<boolean> {
  if (waitedFor === undefined) return false;
  const parent = await records.change(waitedFor, () => undefined);
  return parent !== undefined && isOver(parent.flow);
}

/** One tick, during which the claim is renewed. */
async function tickUnderClaim(records: FlowRecords, flow: SpecFlow, options: StoredRunOptions): Promise<void> {
  const { clock = systemClock, claimMs = CLAIM_MS } = options;
  let renewing: Promise<unknown> = Promise.resolve();
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = clock.after(claimMs / 3, () => {
      // One that fails is as good as none: the claim ends, and the write behind the tick notices.
      renewing = renew(records, flow.key, options)
        .catch(() => false)
        .then((held) => held && wait());
    });
  };
  wait();
  try {
    await tickFlow(flow, { ...options, stored: { records, parent: flow.key } });
  } finally {
    cancel();
    await renewing;
    cancel();
  }
}

/** False if another runner has claimed the flow, or could have. */
async function renew(records: FlowRecords, key: string, options: StoredRunOptions): Promise<boolean> {
  let held = false;
  await records.change(key, (there) => {
    held = isHeld(there, options);
    return held && there ? { ...there, claim: newClaim(options) } : there;
  });
  return held;
}

/** Writes a flow down and renews its claim, or gives it back. False if another runner has claimed it, or could have. */
async function write(
  records: FlowRecords,
  flow: SpecFlow,
  options: StoredRunOptions,
  goesOn: boolean,
): Promise<boolean> {
  let held = false;
  await records.change(flow.key, (there) => {
    held = isHeld(there, options);
    if (!held) return there;
    return goesOn ? { flow: flow.toJSON(), claim: newClaim(options) } : { flow: flow.toJSON() };
  });
  return held;
}

function isHeld(record: FlowRecord | undefined, options: StoredRunOptions): boolean {
  return record?.claim?.runner === options.runner && record.claim.until > timeOf(options);
}

function newClaim(options: StoredRunOptions): FlowClaim {
  const { runner, claimMs = CLAIM_MS } = options;
  return { runner, until: timeOf(options) + claimMs };
}

function timeOf({ clock = systemClock }: Pick<StoredRunOptions, "clock">): number {
  return clock.now();
}
