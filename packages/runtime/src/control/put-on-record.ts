/** Puts a fact on a run's record from outside: through its owner, or by the caller if nobody owns it. Never lost, never doubled. */
import type { BreakpointChanged, Clock, ControlRequest, MessageReceived, RunId, RunStore } from "@millrace/core";
import { runOver } from "../runs/run-over.js";
import { lookUp, runErrand } from "./reach-run.js";

/** Pause between two looks for the fact in the record, ms. */
const LOOK_MS = 100;

type FromOutside = MessageReceived | BreakpointChanged;
type WithoutStamp<F> = F extends FromOutside ? Omit<F, "seq" | "at"> : never;

/** What is to be put where. */
export interface RecordErrand {
  readonly run: RunId;
  readonly clock: Clock;
  /** What its owner is asked for: to put the fact there. */
  readonly request: Pick<ControlRequest, "kind" | "name" | "value">;
  /** By its id it is found again. */
  readonly fact: WithoutStamp<FromOutside>;
}

/**
 * Resolves when the fact is on record; says who put it there. An owner that ends before it has done so leaves it to
 * this caller. @throws MillraceError `unknown-run`, `run-over`.
 */
export async function putOnRecord(store: RunStore, errand: RecordErrand): Promise<"owner" | "sender"> {
  const { run, clock, request, fact } = errand;
  return runErrand<"owner" | "sender">(store, {
    run,
    clock,
    lookMs: LOOK_MS,
    request,
    async come({ state }, asked) {
      if (asked && (await isRecorded(store, run, fact.id))) return "owner";
      if (state !== "running" && state !== "suspended") throw runOver(run, state);
      return undefined;
    },
    async alone(lease, asked) {
      if (asked && (await isRecorded(store, run, fact.id))) return "owner";
      // What was asked of an owner that is gone is void, or the next one would take it in again. Other senders will see.
      await store.takeRequests([lease]);
      const { seq } = await lookUp(store, run);
      await store.append([{ ...lease, facts: [{ ...fact, seq: seq + 1, at: clock.now() }] }]);
      return "sender";
    },
  });
}

async function isRecorded(store: RunStore, run: RunId, id: string): Promise<boolean> {
  for await (const fact of store.read(run)) if ("id" in fact && fact.id === id) return true;
  return false;
}
