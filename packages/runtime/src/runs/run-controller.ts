/**
 * One run in this process: it begins and stops it, takes in what comes from outside, and is what its bodies see of it.
 * The flow driver (drivers/flow) runs the bodies; the engine opens and closes runs.
 */
import { randomUUID } from "node:crypto";
import {
  type AbortCause,
  bytesInMemory,
  type Decision,
  decodeValue,
  encodeError,
  encodeFor,
  type FlowEntry,
  type Lease,
  type MessageReceived,
  MillraceError,
  type RunEvent,
  type RunId,
  type RunState,
  rootPath,
  type Site,
  type StepQuery,
  type StepRecords,
  type StepTotals,
} from "@millrace/core";
import type { Run, RunOutcome, StreamPart } from "../api.js";
import { type Code, nameOf } from "../builds/code.js";
import { FlowBody } from "../drivers/flow/flow-body.js";
import { watchDeadline } from "../drivers/flow/flow-deadline.js";
import type { ObserverHub } from "../events/observer-hub.js";
import type { Dispatcher } from "../steps/dispatcher.js";
import type { ResultCache } from "../steps/result-cache.js";
import type { Draft, Place, RunHost, Unit, UnitSettled } from "../steps/unit.js";
import { ambiguityText } from "./ambiguity-text.js";
import type { Committer } from "./committer.js";
import { latch } from "./latch.js";
import type { Mailbox } from "./mailbox.js";
import { runAborted } from "./run-aborted.js";
import { RunEnding } from "./run-ending.js";
import { RunLedger } from "./run-ledger.js";
import { runOver } from "./run-over.js";
import { type Relation, RunPast } from "./run-past.js";
import type { RunRecord } from "./run-record.js";
import type { Body, RunScope } from "./run-scope.js";
import { RunTimers } from "./run-timers.js";
import { RunVoice } from "./run-voice.js";
import { suspendedError } from "./suspended-error.js";

/** How long a body may wait for nothing before it is called stalled, ms. */
const STALL_MS = 5_000;

/** What comes by itself within this time is waited for in the process, ms. */
const SHORT_WAIT_MS = 10_000;

/** What a run needs of its engine. */
export interface RunSetup {
  readonly id: RunId;
  readonly entry: FlowEntry;
  readonly params: Uint8Array;
  readonly seed: string;
  readonly code: Code;
  readonly dispatcher: Dispatcher;
  readonly cache: ResultCache;
  readonly committer: Committer;
  readonly clock: RunHost["clock"];
  readonly strict: boolean;
  readonly witness: RunScope["witness"];
  /** A run that only waits is suspended instead of kept. */
  readonly suspendWaiting: boolean;
  /** What is on record; undefined for a new run. */
  readonly record: RunRecord | undefined;
  /** How this life relates to those before. */
  readonly relation: Relation;
  readonly observers: ObserverHub;
  /** The run is over in this process. */
  closed(run: RunController): void;
}

/** A run and everything that belongs to it. */
export class RunController implements Run, RunScope {
  readonly id: RunId;
  readonly flow: string;
  readonly host: RunHost;
  readonly seed: string;
  readonly strict: boolean;
  readonly witness: RunScope["witness"];
  readonly past: RunPast;
  readonly code: Code;
  readonly dispatcher: Dispatcher;
  readonly mailbox: Mailbox;
  readonly timers: RunTimers;
  readonly cache: ResultCache;
  readonly #setup: RunSetup;
  readonly #ledger: RunLedger;
  readonly #voice: RunVoice;
  /** Open once the run has its lease, or never will. */
  readonly #opened = latch();
  readonly #ending: RunEnding;
  readonly #orphans: number[] = [];
  readonly #warned = new Set<Site>();
  #body: FlowBody | undefined;
  #cancelStall: (() => void) | undefined;
  #endDeadline: () => void = () => {};

  constructor(setup: RunSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.flow = setup.entry.id;
    this.seed = setup.seed;
    this.strict = setup.strict;
    this.witness = setup.witness;
    this.code = setup.code;
    this.dispatcher = setup.dispatcher;
    this.cache = setup.cache;
    this.past = new RunPast(setup.record, setup.relation);
    this.mailbox = this.past.mailbox();
    this.timers = new RunTimers(setup.clock);
    this.#ledger = new RunLedger(setup.committer, setup.clock, setup.record?.seq ?? 0, (error) => this.lose(error));
    this.#voice = new RunVoice(setup.id, setup.clock, setup.observers);
    this.#ending = new RunEnding({
      id: setup.id,
      clock: setup.clock,
      ledger: this.#ledger,
      voice: this.#voice,
      freeze: (message) => this.#freeze("process", message),
      orphans: () => this.#orphans,
      decided: () => {
        this.#cancelStall?.();
        this.#endDeadline();
      },
      closed: () => setup.closed(this),
    });
    this.host = {
      id: setup.id,
      clock: setup.clock,
      append: (draft, done) => this.#ledger.append(draft, done),
      emit: (event) => this.#voice.tell(event),
      stream: (step, attempt, chunk) => this.#voice.chunk(step, attempt, chunk),
    };
  }

  get state(): RunState {
    return this.#ending.state;
  }

  get totals(): StepTotals {
    return this.#voice.totals;
  }

  get lease(): Lease | undefined {
    return this.#ledger.lease;
  }

  async result(): Promise<unknown> {
    const outcome = await this.#ending.outcome;
    if (outcome.status === "succeeded") return outcome.value;
    if (outcome.status !== "suspended") throw outcome.error;
    throw outcome.error ?? suspendedError(this.id, outcome.reason, outcome.message);
  }

  outcome(): Promise<RunOutcome> {
    return this.#ending.outcome;
  }

  events(): AsyncIterable<RunEvent> {
    return this.#voice.listen();
  }

  stream(step: unknown): AsyncIterable<StreamPart> {
    return this.#voice.listenTo(nameOf(step));
  }

  async cancel(reason = "cancelled"): Promise<void> {
    if (this.#ending.decide()) {
      await this.#freeze("cancel", reason);
      this.#ending.end({ state: "aborted", error: encodeError(runAborted(this.id, reason)), blamed: [] });
    }
    await this.#ending.outcome;
  }

  async send(name: string, data?: unknown): Promise<void> {
    await this.receive(name, encodeFor(`the message "${name}" to run ${this.id}`, "data", data), randomUUID());
  }

  /** Takes a message in: it is on record when this resolves. One that has come before is not taken twice. @throws MillraceError `run-over`. */
  async receive(name: string, value: Uint8Array, id: string): Promise<void> {
    await this.#opened.promise;
    if (this.#ending.decided) throw runOver(this.id, this.state);
    if (!this.mailbox.isNew(id)) return;
    const recorded = latch<"recorded" | "over">();
    this.#ledger.append({ kind: "message", id, name, value: bytesInMemory(value) }, (fact) => {
      // append hands back the very fact it was given, with its place in the order.
      this.mailbox.put(fact as MessageReceived);
      recorded.resolve("recorded");
    });
    void this.#ending.outcome.then(() => recorded.resolve("over"));
    if ((await recorded.promise) === "over") throw runOver(this.id, this.state);
  }

  /** Begins under a lease: records the start or the resumption, then runs the body. */
  begin(lease: Lease): void {
    const { record, entry, params, code, clock, relation } = this.#setup;
    const { codeChanged, accepted } = relation;
    this.#ledger.open(lease);
    this.#opened.resolve();
    const ambiguous = this.past.ambiguities();
    if (ambiguous.length > 0 && this.#ending.decide()) {
      void this.#ending.suspend("ambiguous", ambiguityText(this.id, ambiguous));
      return;
    }
    this.#ending.begin();
    const first: Draft = record
      ? {
          kind: "run-resumed",
          build: code.manifest.build,
          dropped: record.dropped.map(({ seq }) => seq),
          ...(codeChanged ? { changed: true } : {}),
          ...(accepted ? { accepted: true } : {}),
        }
      : {
          kind: "run-started",
          flow: entry.id,
          build: code.manifest.build,
          params: bytesInMemory(params),
          seed: this.seed,
        };
    this.#ledger.append(first, (fact) => {
      const names = { flow: entry.id, build: code.manifest.build };
      this.#voice.tell(
        record ? { type: "run-resumed", ...names, recorded: this.past.size } : { type: "run-started", ...names },
      );
      if (this.#ending.decided) return;
      this.#body = new FlowBody(this, entry, rootPath(entry.id), record?.started.at ?? fact.at);
      this.#endDeadline = watchDeadline({
        clock,
        options: entry.options,
        spentMs: record?.time.spentMs(clock.now()) ?? 0,
        body: this.#body,
        over: (error) => this.#fail(error),
      });
      // The bytes were made by encodeValue from a validated parameter object.
      void this.#body.run(decodeValue(params) as object).then((end) => {
        if (this.#ending.decide()) this.#ending.end(end);
      });
    });
  }

  /** The run never got a lease, or its store failed or is damaged: nothing more is written. */
  lose(error: Error): void {
    this.#ledger.close();
    this.#opened.resolve();
    this.#ending.decide();
    void this.#body?.freeze("process", error.message);
    this.#ending.close("suspended", { status: "suspended", reason: "interrupt", message: error.message, error });
  }

  /** Stops here; another owner can go on. Resolves when it has stopped. */
  async interrupt(message: string): Promise<void> {
    if (this.#ending.decide()) await this.#ending.suspend("interrupt", message);
    await this.#ending.outcome;
  }

  decide(call: StepQuery, records: StepRecords<UnitSettled>): Decision<UnitSettled> {
    return records.decide(call);
  }

  unit(_place: Place, make: () => Unit): Unit {
    return make();
  }

  settled(fact: UnitSettled): void {
    this.#voice.settled(fact);
  }

  restored(record: UnitSettled, place: Place): void {
    this.#voice.restored(record, place, this.past.within(record));
  }

  orphans(records: readonly UnitSettled[]): void {
    for (const record of records) this.#orphans.push(record.seq);
  }

  diverged(record: UnitSettled): void {
    if (!this.#ending.decide()) return;
    const message =
      `The flow took another way than the one on record: it did not ask for ${record.node} (${record.key}), ` +
      "though its code is unchanged. Something in its body gives other answers than before (clock, random, environment).";
    void this.#ending.suspend("diverged", message);
  }

  refuse(error: MillraceError): never {
    this.#fail(error);
    throw error;
  }

  unknownSite(flow: string, site: Site): void {
    const message = `${flow} calls from a place that its graph does not know: ${site}.`;
    if (this.strict) {
      this.refuse(
        new MillraceError("unknown-site", message, {
          hint: "The build could not see this call (see its `dynamic-node` warnings). Run without --strict to record it as dynamic.",
          data: { flow, site },
        }),
      );
    }
    if (this.#warned.has(site)) return;
    this.#warned.add(site);
    this.#voice.tell({ type: "warning", code: "unknown-site", message });
  }

  atRest(body: Body): void {
    this.#cancelStall?.();
    this.#cancelStall = this.#setup.clock.after(STALL_MS, () => {
      if (!body.waitsForNothing || !this.#ending.decide()) return;
      void this.#ending.suspend(
        "stalled",
        `${body.flow} waits for something that nothing can settle. ${body.describe()}`,
      );
    });
  }

  onlyWaits(): void {
    if (!this.#setup.suspendWaiting) return;
    const waiting = this.#body?.waiting();
    if (!waiting || waiting.some(({ due }) => due !== undefined && due - this.#setup.clock.now() < SHORT_WAIT_MS))
      return;
    const awaits = [...new Set(waiting.flatMap(({ message }) => message ?? []))];
    if (this.#ending.decide())
      void this.#ending.suspend("wait", `It waits for ${listed(waiting.map(({ what }) => what))}.`, awaits);
  }

  /** Fails the run from outside its body. */
  #fail(error: MillraceError): void {
    if (!this.#ending.decide()) return;
    void this.#freeze("body", error.message).then(() =>
      this.#ending.end({ state: "failed", error: encodeError(error), blamed: [] }),
    );
  }

  async #freeze(cause: AbortCause, message: string): Promise<void> {
    await this.#opened.promise;
    await this.#body?.freeze(cause, message);
  }
}

function listed(parts: readonly string[]): string {
  return [...new Set(parts)].join(", ");
}
