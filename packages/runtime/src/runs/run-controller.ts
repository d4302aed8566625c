/**
 * One run in this process: it begins and stops it, takes in what comes from outside, and is what its bodies see of it.
 * The drivers run the bodies; the engine opens and closes runs.
 */
import {
  type AbortCause,
  type BreakpointChanged,
  Breakpoints,
  type Decision,
  decodeValue,
  encodeError,
  type Lease,
  MillraceError,
  type ReadFacts,
  type RunId,
  type RunOrigin,
  type RunState,
  type Site,
  type StepKey,
  type StepRecords,
} from "@millrace/core";
import type { OpenResources } from "../attempt/open-resources.js";
import type { Code } from "../builds/code.js";
import { watchDeadline } from "../drivers/flow/flow-deadline.js";
import type { ObserverHub } from "../events/observer-hub.js";
import { RunShared } from "../shared/run-shared.js";
import type { Dispatcher } from "../steps/dispatcher.js";
import type { ResultCache } from "../steps/result-cache.js";
import { isStep, type Place, type RunHost, type Unit, type UnitSettled } from "../steps/unit.js";
import { ambiguityText } from "./ambiguity-text.js";
import { BreakpointGate } from "./breakpoint-gate.js";
import type { Committer } from "./committer.js";
import { latch } from "./latch.js";
import type { Mailbox } from "./mailbox.js";
import { firstBreakpoints, firstFact } from "./opening-facts.js";
import type { Program } from "./program.js";
import { runAborted } from "./run-aborted.js";
import { RunEnding } from "./run-ending.js";
import { RunHandle } from "./run-handle.js";
import { RunInbox } from "./run-inbox.js";
import { RunLedger } from "./run-ledger.js";
import type { RunLife } from "./run-life.js";
import { NO_PAST, RunPast } from "./run-past.js";
import type { EndedRecord } from "./run-record.js";
import type { Body, IssuedCall, RunScope } from "./run-scope.js";
import { RunTimers } from "./run-timers.js";
import { RunVoice } from "./run-voice.js";
import { Standstill } from "./standstill.js";
import { ThreadUse } from "./thread-use.js";

/** What a run needs of its engine. */
export interface RunSetup {
  readonly id: RunId;
  readonly program: Program;
  readonly params: Uint8Array;
  /** Selectors of steps that are held from the beginning of this life. */
  readonly breakpoints?: readonly string[];
  /** The file that it is started from. */
  readonly origin?: RunOrigin | undefined;
  readonly code: Code;
  readonly dispatcher: Dispatcher;
  readonly cache: ResultCache;
  readonly resources: OpenResources;
  readonly committer: Committer;
  readonly clock: RunHost["clock"];
  readonly strict: boolean;
  readonly witness: RunScope["witness"];
  /** A run that only waits is suspended instead of kept. */
  readonly suspendWaiting: boolean;
  readonly observers: ObserverHub;
  /** What is on record of it. */
  readonly facts: ReadFacts;
  /** The run is over in this process. */
  closed(run: RunController): void;
}

/** A run and everything that belongs to it. */
export class RunController implements RunScope {
  readonly id: RunId;
  readonly flow: string;
  readonly host: RunHost;
  readonly params: Uint8Array;
  readonly strict: boolean;
  readonly witness: RunScope["witness"];
  readonly code: Code;
  readonly dispatcher: Dispatcher;
  readonly timers: RunTimers;
  readonly cache: ResultCache;
  readonly resources: OpenResources;
  readonly threadUse: ThreadUse = new ThreadUse();
  /** What its starter has of it. */
  readonly handle: RunHandle;
  /** What comes from outside. */
  readonly inbox: RunInbox;
  readonly #setup: RunSetup;
  readonly #ledger: RunLedger;
  readonly #voice: RunVoice;
  /** Open once the run has its lease, or never will. */
  readonly #opened = latch();
  readonly #ending: RunEnding;
  readonly #standstill: Standstill;
  readonly #orphans: number[] = [];
  readonly #warned = new Set<Site>();
  #seed = "";
  #past = new RunPast(undefined, NO_PAST);
  #mailbox = this.#past.mailbox();
  #shared = new RunShared(this.#past.shared);
  #gate: BreakpointGate;
  #body: Body | undefined;
  #endDeadline: () => void = () => {};

  constructor(setup: RunSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.flow = setup.program.id;
    this.params = setup.params;
    this.strict = setup.strict;
    this.witness = setup.witness;
    this.code = setup.code;
    this.dispatcher = setup.dispatcher;
    this.cache = setup.cache;
    this.resources = setup.resources;
    this.timers = new RunTimers(setup.clock);
    this.#ledger = new RunLedger(setup.committer, setup.clock, (error) => this.lose(error));
    this.#voice = new RunVoice(setup.id, setup.clock, setup.observers);
    this.#ending = new RunEnding({
      id: setup.id,
      clock: setup.clock,
      ledger: this.#ledger,
      voice: this.#voice,
      freeze: (message) => this.#freeze("process", message),
      orphans: () => this.#orphans,
      threadUse: this.threadUse,
      decided: () => {
        this.#standstill.stop();
        this.#endDeadline();
      },
      closed: () => setup.closed(this),
    });
    this.#standstill = new Standstill(setup.clock, this.#ending);
    this.host = {
      id: setup.id,
      clock: setup.clock,
      append: (draft, done, before, durability) => this.#ledger.append(draft, done, before, durability),
      emit: (event) => this.#voice.tell(event),
      stream: (step, attempt, chunk) => this.#voice.chunk(step, attempt, chunk),
    };
    this.#gate = new BreakpointGate(new Breakpoints(), this.host);
    this.inbox = new RunInbox({
      id: setup.id,
      ending: this.#ending,
      ledger: this.#ledger,
      opened: this.#opened.promise,
      mailbox: () => this.#mailbox,
      gate: () => this.#gate,
    });
    this.handle = new RunHandle({
      id: setup.id,
      flow: this.flow,
      code: setup.code,
      ending: this.#ending,
      voice: this.#voice,
      inbox: this.inbox,
      gate: () => this.#gate,
      shared: () => this.#shared,
      facts: setup.facts,
      cancel: (reason) => this.cancel(reason),
    });
  }

  get state(): RunState {
    return this.#ending.state;
  }

  get seed(): string {
    return this.#seed;
  }

  get past(): RunPast {
    return this.#past;
  }

  get mailbox(): Mailbox {
    return this.#mailbox;
  }

  get sharedState(): RunShared {
    return this.#shared;
  }

  get lease(): Lease | undefined {
    return this.#ledger.lease;
  }

  /** The store, or another owner, took it away. */
  get lost(): boolean {
    return this.#ledger.closed;
  }

  /** Ends it as aborted; resolves when it has ended. */
  async cancel(reason: string): Promise<void> {
    if (this.#ending.decide()) {
      await this.#freeze("cancel", reason);
      this.#ending.end({ state: "aborted", error: encodeError(runAborted(this.id, reason)), blamed: [] });
    }
    await this.#ending.outcome;
  }

  /** Begins under a lease: records the start or the resumption, then runs the body. */
  begin(lease: Lease, life: RunLife): void {
    const { program, params, code, clock } = this.#setup;
    const { record } = life;
    this.#seed = life.seed;
    this.#past = new RunPast(record, life.relation, life.suspicions);
    this.#mailbox = this.#past.mailbox();
    this.#shared = new RunShared(this.#past.shared);
    if (record) this.#gate = new BreakpointGate(record.breakpoints, this.host);
    this.#ledger.open(lease, record?.seq ?? 0);
    this.#opened.resolve();
    const ambiguous = this.past.ambiguities();
    if (ambiguous.length > 0 && this.#ending.decide()) {
      void this.#ending.suspend("ambiguous", ambiguityText(this.id, ambiguous));
      return;
    }
    this.#ending.begin();
    // Of the record only this much: what is called back below would hold all of it until the run has ended.
    const { started, time } = record ?? {};
    this.#ledger.append(firstFact(this.#setup, life), (fact) => {
      const { id: flow, steps } = program;
      const names = { flow, build: code.manifest.build, ...(steps === undefined ? {} : { steps }) };
      this.#voice.tell(
        started ? { type: "run-resumed", ...names, recorded: this.past.size } : { type: "run-started", ...names },
      );
      if (this.#ending.decided) return;
      this.#body = program.open(this, started?.at ?? fact.at);
      this.#endDeadline = watchDeadline({
        clock,
        options: program.options,
        spentMs: time?.spentMs(clock.now()) ?? 0,
        body: this.#body,
        over: (error) => this.#fail(error),
      });
      // The bytes were made by encodeValue from a validated parameter object.
      void this.#body.run(decodeValue(params) as object).then((end) => {
        if (this.#ending.decide()) this.#ending.end(end);
      });
    });
    // Committed with the first fact: they hold before the body's code has run.
    // append hands back the very fact it was given, with its place in the order.
    for (const set of firstBreakpoints(this.#setup))
      this.#ledger.append(set, (fact) => this.#gate.changed(fact as BreakpointChanged));
  }

  /** It has ended before: tells what is on record, and writes nothing. */
  recall({ started, ended, records, dropped, shared }: EndedRecord): void {
    this.#ledger.close();
    this.#shared = new RunShared(shared);
    this.#opened.resolve();
    this.#ending.decide();
    this.#voice.count([...records, ...dropped]);
    this.#ending.recall(ended, ended.at - started.at);
  }

  /** The run never got a lease, or its store failed or is damaged: nothing more is written. */
  lose(error: Error): void {
    this.#ledger.close();
    this.#opened.resolve();
    this.#ending.decide();
    void this.#body?.freeze("process", error.message);
    this.#ending.close("suspended", { status: "suspended", reason: "interrupt", message: error.message, error });
  }

  halt(error: MillraceError): void {
    const message = `${error.message.replace(/\.?$/, ".")} ${error.hint ?? ""}`.trimEnd();
    if (this.#ending.decide()) void this.#ending.suspend("no-threads", message);
  }

  /** Stops here; another owner can go on. Resolves when it has stopped. */
  async interrupt(message: string): Promise<void> {
    if (this.#ending.decide()) await this.#ending.suspend("interrupt", message);
    await this.#ending.outcome;
  }

  decide({ place, anySite }: IssuedCall, records: StepRecords<UnitSettled>): Decision<UnitSettled> {
    return records.decide(place, anySite);
  }

  unit(place: Place, make: () => Unit): Unit {
    return this.#gate.guard(place, make());
  }

  wasHeld(key: StepKey): boolean {
    return this.#gate.breakpoints.wasHeld(key);
  }

  settled(fact: UnitSettled): void {
    this.#gate.settled(fact);
    if (isStep(fact)) this.#voice.settled(fact);
  }

  restored(record: UnitSettled, place: Place): void {
    if (isStep(record)) this.#voice.restored(record, place, this.past.within(record));
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
    this.#standstill.atRest(body);
  }

  onlyWaits(): void {
    const waiting = this.#setup.suspendWaiting ? this.#body?.waiting() : undefined;
    if (waiting) this.#standstill.onlyWaits(waiting);
  }

  /** Fails the run from outside its body. */
  #fail(error: MillraceError): void {
    if (!this.#ending.decide()) return;
    void this.#freeze("body", error.message).then(() =>
      this.#ending.end({ state: "failed", error: encodeError(error), blamed: this.#body?.blamed ?? [] }),
    );
  }

  async #freeze(cause: AbortCause, message: string): Promise<void> {
    await this.#opened.promise;
    await this.#body?.freeze(cause, message);
  }
}
