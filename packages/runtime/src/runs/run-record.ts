/** What the store holds of a run, folded for going on with it: the records of each body, counts, and what is tried again. */
import {
  type ActivationPath,
  type BuildHash,
  type Fact,
  MillraceError,
  type RunEnded,
  type RunId,
  type RunStarted,
  type StepKey,
} from "@millrace/core";
import type { UnitSettled } from "../steps/unit.js";

/** How a run stood when it was read. */
export interface RunRecord {
  readonly id: RunId;
  readonly started: RunStarted;
  /** Build that ran it last. */
  readonly build: BuildHash;
  /** The end, if it has one. */
  readonly ended: RunEnded | undefined;
  /** Newest sequence number. */
  readonly seq: number;
  /** Units on record that are restored, by body, in recorded order. */
  readonly bodies: ReadonlyMap<ActivationPath, readonly UnitSettled[]>;
  /** Failed attempts of units that are not settled. */
  readonly failedAttempts: ReadonlyMap<StepKey, number>;
  /** `seq` of records that this reading gives up: they are tried again. */
  readonly dropped: readonly number[];
  /** Keys of dropped records that had failed: their next attempt is a restart. */
  readonly restarted: ReadonlySet<StepKey>;
}

/** What to give up besides the failures that ended the run. */
export interface ReadOptions {
  /** Let steps that were aborted with the run run again. */
  readonly reopen: boolean;
}

/** Reads a run. @throws MillraceError `unknown-run`, `store-corrupt`. */
export async function readRunRecord(id: RunId, facts: AsyncIterable<Fact>, options: ReadOptions): Promise<RunRecord> {
  let started: RunStarted | undefined;
  let ended: RunEnded | undefined;
  let build: BuildHash | undefined;
  let seq = 0;
  const gaveUp = new Set<number>();
  const bySeq = new Map<number, UnitSettled>();
  const newest = new Map<StepKey, number>();
  const failedAttempts = new Map<StepKey, number>();
  const hold = (record: UnitSettled): void => {
    const before = newest.get(record.key);
    if (before !== undefined) bySeq.delete(before);
    bySeq.set(record.seq, record);
    newest.set(record.key, record.seq);
    failedAttempts.delete(record.key);
  };
  for await (const fact of facts) {
    seq = fact.seq;
    switch (fact.kind) {
      case "run-started":
        started = fact;
        build = fact.build;
        break;
      case "run-resumed":
        build = fact.build;
        ended = undefined;
        for (const dropped of fact.dropped) gaveUp.add(dropped);
        break;
      case "run-ended":
        ended = fact;
        break;
      case "step-settled":
      case "activation-settled":
        hold(fact);
        break;
      case "attempt-failed":
        failedAttempts.set(fact.key, fact.attempt);
        break;
      case "step-rekeyed": {
        const record = bySeq.get(fact.record);
        if (record) hold({ ...record, key: fact.key, site: fact.site, node: fact.node, body: fact.body });
        break;
      }
      default:
        break;
    }
  }
  if (!started || !build) {
    throw new MillraceError("store-corrupt", `The record of run ${id} does not begin with its start.`, {
      hint: "Keep a copy of .flow/state.db and start the flow anew.",
      data: { run: id },
    });
  }
  const restarted = new Set<StepKey>();
  const dropped: number[] = [];
  const bodies = new Map<ActivationPath, UnitSettled[]>();
  for (const record of [...bySeq.values()].sort((a, b) => a.seq - b.seq)) {
    if (gaveUp.has(record.seq)) continue;
    if (isTriedAgain(record, ended, options)) {
      dropped.push(record.seq);
      if (record.state === "failed") restarted.add(record.key);
      continue;
    }
    const list = bodies.get(record.body);
    if (list) list.push(record);
    else bodies.set(record.body, [record]);
  }
  return { id, started, build, ended, seq, bodies, failedAttempts, dropped, restarted };
}

/** After a crash all outcomes are kept; a failed run gives up those found in its error, a reopened one what the cancel aborted. */
function isTriedAgain(record: UnitSettled, ended: RunEnded | undefined, options: ReadOptions): boolean {
  // Aborted when its body had ended: never delivered, so another life of the body must not see it.
  if (record.state === "aborted" && record.late) return true;
  if (record.state === "aborted" && record.cause === "cancel") return options.reopen;
  return record.state === "failed" && ended?.state === "failed" && ended.blamed.includes(record.key);
}

/** Records inside an activation, at any depth. */
export function recordsWithin(record: RunRecord, path: ActivationPath): UnitSettled[] {
  const inside: UnitSettled[] = [];
  for (const [body, records] of record.bodies) {
    if (body === path || body.startsWith(`${path}/`)) inside.push(...records);
  }
  return inside;
}
