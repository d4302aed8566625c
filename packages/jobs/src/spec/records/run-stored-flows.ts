/**
 * Stored flows, and runners that tick them: a runner claims flows, ticks each while something can begin, and gives it back. A claim ends by itself,
 * so that the flows of a runner that died are ticked by another one; what the dead one wrote last is where that goes on.
 */
import { MillraceError } from "@millrace/core";
import { flowFromJson, type SpecFlow } from "../flow.js";
import type { TickOptions } from "../task-handler.js";
import { tickFlow } from "../tick-flow.js";
import type { FlowRecord, FlowRecords } from "./flow-records.js";

/** Options of `runStoredFlows`. */
export interface StoredRunOptions extends TickOptions {
  /** Name of the runner; runners that work at once have names of their own. */
  readonly runner: string;
  /** Most flows that this round claims. Default: all. */
  readonly maxFlows?: number;
  /** Most ticks of a flow in this round. Default 500. */
  readonly maxTicks?: number;
  /** How long a claim holds after each tick, in ms. Longer than a tick takes. Default 60,000. */
  readonly claimMs?: number;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
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

/** Claims a flow that is not over and that no other runner holds. */
async function claim(records: FlowRecords, key: string, options: StoredRunOptions): Promise<FlowRecord | undefined> {
  let claimed = false;
  const record = await records.change(key, (there) => {
    claimed = there !== undefined && there.flow.status !== "COMPLETED" && there.flow.status !== "FAILED";
    if (there?.claim && there.claim.until > clock(options)) claimed = false;
    return claimed && there ? { ...there, claim: newClaim(options) } : there;
  });
  return claimed ? record : undefined;
}

/** False if the claim was lost on the way. */
async function tickWhileSomethingBegins(
  records: FlowRecords,
  flow: SpecFlow,
  options: StoredRunOptions,
): Promise<boolean> {
  const { maxTicks = 500 } = options;
  for (let tick = 1; ; tick++) {
    await tickFlow(flow, options);
    const goesOn = tick < maxTicks && flow.tickableTasks().some(({ status }) => status === "PENDING");
    if (!(await write(records, flow, options, goesOn))) return false;
    if (!goesOn) return true;
  }
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
    held = there?.claim?.runner === options.runner && there.claim.until > clock(options);
    if (!held) return there;
    return goesOn ? { flow: flow.toJSON(), claim: newClaim(options) } : { flow: flow.toJSON() };
  });
  return held;
}

function newClaim({ runner, claimMs = 60_000, ...options }: StoredRunOptions): { runner: string; until: number } {
  return { runner, until: clock(options) + claimMs };
}

function clock({ now = Date.now }: Pick<StoredRunOptions, "now">): number {
  return now();
}
