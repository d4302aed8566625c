/** What the store holds of a run, folded for going on with it: its records, counts, and what is tried again. */
import {
  type AttemptFailed,
  Breakpoints,
  type BuildHash,
  type Fact,
  type MessageReceived,
  MillraceError,
  type RunEnded,
  type RunId,
  type RunStarted,
  type StepKey,
  type StoredBytes,
} from "@millrace/core";
import type { UnitSettled } from "../steps/unit.js";
import { RunTime } from "./run-time.js";

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
  /** Units on record that are restored, in the order of their delivery: firm ones first. */
  readonly records: readonly UnitSettled[];
  /** Records that this reading gives up: they are tried again. */
  readonly dropped: readonly UnitSettled[];
  /** Builds that made the record, oldest first: each made what follows `from`. */
  readonly builds: readonly { readonly from: number; readonly build: BuildHash }[];
  /** Records up to this `seq` were made for another body and have not been asked for since: they come in no sure order. */
  readonly looseUpTo: number;
  /** Records up to this `seq` were made by other code: their keys may have moved. */
  readonly changedUpTo: number;
  /** Records under whose keys moved activations were made, by the key that they were moved to. */
  readonly origins: ReadonlyMap<StepKey, UnitSettled>;
  /** The newest failed attempt of each unit that is not settled. */
  readonly failedAttempts: readonly AttemptFailed[];
  /** Ends of sleeps and of waits, ms since 1970. */
  readonly timers: ReadonlyMap<StepKey, number>;
  /** Messages in order. */
  readonly messages: readonly MessageReceived[];
  /** Ids of those that a wait on record has got. */
  readonly claimed: ReadonlySet<string>;
  /** Keys of shared state that have a value. */
  readonly shared: ReadonlyMap<string, StoredBytes>;
  /** How long it has been going. */
  readonly time: RunTime;
  /** What is to be held. Whoever goes on with the run folds what follows. */
  readonly breakpoints: Breakpoints;
}

/** A run that has come to its end. */
export type EndedRecord = RunRecord & { readonly ended: RunEnded };

/** True for those that have come to their end. */
export function hasEnded(record: RunRecord): record is EndedRecord {
  return record.ended !== undefined;
}

/** What to give up besides the failures that ended the run. */
export interface ReadOptions {
  /** Let steps that were aborted with the run run again. */
  readonly reopen: boolean;
  /** Sites whose records are not to be used, nor what stands inside them. */
  readonly rerun: ReadonlySet<string>;
}

/** Reads a run. @throws MillraceError `unknown-run`, `store-corrupt`. */
export async function readRunRecord(id: RunId, facts: AsyncIterable<Fact>, options: ReadOptions): Promise<RunRecord> {
  let started: RunStarted | undefined;
  let ended: RunEnded | undefined;
  let build: BuildHash | undefined;
  let seq = 0;
  const gaveUp = new Set<number>();
  const bySeq = new Map<number, UnitSettled>();
  const builds: RunRecord["builds"][number][] = [];
  const failedAttempts = new Map<StepKey, AttemptFailed>();
  const origins = new Map<StepKey, UnitSettled>();
  const timers = new Map<StepKey, number>();
  const messages: MessageReceived[] = [];
  const shared = new Map<string, StoredBytes>();
  const time = new RunTime();
  const breakpoints = new Breakpoints();
  let looseUpTo = 0;
  let changedUpTo = 0;
  const hold = (record: UnitSettled): void => {
    bySeq.set(record.seq, record);
    failedAttempts.delete(record.key);
    // What is tried again has all of its time again.
    timers.delete(record.key);
  };
  for await (const fact of facts) {
    seq = fact.seq;
    time.see(fact);
    breakpoints.see(fact);
    switch (fact.kind) {
      case "run-started":
        started = fact;
        build = fact.build;
        builds.push({ from: seq, build });
        break;
      case "run-resumed":
        build = fact.build;
        builds.push({ from: seq, build });
        ended = undefined;
        for (const dropped of fact.dropped) gaveUp.add(dropped);
        if (fact.changed) changedUpTo = seq;
        if (fact.changed || fact.accepted || fact.dropped.length > 0) looseUpTo = seq;
        break;
      case "run-ended":
        ended = fact;
        break;
      case "step-settled":
      case "activation-settled":
      case "shared-used":
        hold(fact);
        break;
      case "attempt-failed":
        failedAttempts.set(fact.key, fact);
        break;
      case "record-moved": {
        const record = bySeq.get(fact.record);
        if (!record) break;
        bySeq.delete(record.seq);
        if (record.key !== fact.key) origins.set(fact.key, origins.get(record.key) ?? record);
        hold({ ...record, key: fact.key, site: fact.site, node: fact.node, body: fact.body, seq: fact.seq });
        break;
      }
      case "timer":
        timers.set(fact.key, fact.due);
        break;
      case "shared-commit":
        if (fact.value) shared.set(fact.name, fact.value);
        else shared.delete(fact.name);
        break;
      case "message":
        messages.push(fact);
        break;
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
  const blamed = new Set(ended?.state === "failed" ? ended.blamed : []);
  const dropped: UnitSettled[] = [];
  const records: UnitSettled[] = [];
  const loose = (record: UnitSettled): number => (record.seq <= looseUpTo ? 1 : 0);
  for (const record of [...bySeq.values()].sort((a, b) => loose(a) - loose(b) || a.seq - b.seq)) {
    if (gaveUp.has(record.seq) || isUnseen(record)) continue;
    (isTriedAgain(record, blamed, options) ? dropped : records).push(record);
  }
  return {
    id,
    started,
    build,
    ended,
    seq,
    records,
    dropped,
    builds,
    looseUpTo,
    changedUpTo,
    origins,
    failedAttempts: [...failedAttempts.values()],
    timers,
    messages,
    claimed: claimedBy(records),
    shared,
    time,
    breakpoints,
  };
}

/** Ids of the messages that waits have got whose records are kept. */
function claimedBy(records: readonly UnitSettled[]): ReadonlySet<string> {
  const ids = records.flatMap((record) => (record.kind === "activation-settled" ? (record.message ?? []) : []));
  return new Set(ids);
}

/** Aborted when its body had ended: never delivered, so another life of the body must not see it. Nothing is given up with it. */
function isUnseen(record: UnitSettled): boolean {
  return record.state === "aborted" && record.late === true;
}

/** After a crash all outcomes are kept; a failed run gives up those found in its error, a reopened one what the cancel aborted. */
function isTriedAgain(record: UnitSettled, blamed: ReadonlySet<StepKey>, options: ReadOptions): boolean {
  if (options.rerun.size > 0 && record.key.split("/").some((part) => options.rerun.has(part))) return true;
  if (record.state === "aborted" && record.cause === "cancel") return options.reopen;
  return record.state !== "succeeded" && blamed.has(record.key);
}
