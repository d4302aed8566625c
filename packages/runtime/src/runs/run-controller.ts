/**
 * One run in this process: it orders and commits the run's facts, tells observers, counts, and decides how the run ends.
 * The flow driver (drivers/flow) runs the bodies; the engine opens and closes runs.
 */
import {
  type AbortCause,
  type ActivationPath,
  bytesInMemory,
  decodeError,
  decodeValue,
  encodeError,
  type Fact,
  type FlowEntry,
  type Lease,
  MillraceError,
  type RunEvent,
  type RunId,
  type RunState,
  rootPath,
  type Site,
  type StepKey,
  type StepTotals,
  type SuspendReason,
} from "@millrace/core";
import type { Run, RunOutcome } from "../api.js";
import type { PinnedBuild } from "../builds/pinned-build.js";
import { FlowBody } from "../drivers/flow/flow-body.js";
import { EventStream } from "../events/event-stream.js";
import type { Dispatcher } from "../steps/dispatcher.js";
import { type Draft, type DraftEvent, type Place, type RunHost, refOf, type UnitSettled } from "../steps/unit.js";
import type { Committer } from "./committer.js";
import { summarise } from "./error-summary.js";
import { latch } from "./latch.js";
import { type RunRecord, recordsWithin } from "./run-record.js";
import type { Body, BodyEnd, RunScope } from "./run-scope.js";
import { Totals } from "./totals.js";

/** How long a body may wait for nothing before it is called stalled, ms. */
const STALL_MS = 5_000;

/** What a run needs of its engine. */
export interface RunSetup {
  readonly id: RunId;
  readonly entry: FlowEntry;
  readonly params: Uint8Array;
  readonly seed: string;
  readonly build: PinnedBuild;
  readonly dispatcher: Dispatcher;
  readonly committer: Committer;
  readonly clock: RunHost["clock"];
  readonly strict: boolean;
  /** What is on record; undefined for a new run. */
  readonly record: RunRecord | undefined;
  readonly codeChanged: boolean;
  /** The user accepts that a replay diverges. */
  readonly accepted: boolean;
  emit(event: RunEvent): void;
  /** The run is over in this process. */
  closed(run: RunController): void;
}

/** A run and everything that belongs to it. */
export class RunController implements Run, RunScope {
  readonly id: RunId;
  readonly flow: string;
  readonly host: RunHost;
  readonly seed: string;
  readonly build: PinnedBuild;
  readonly dispatcher: Dispatcher;
  readonly #setup: RunSetup;
  readonly #totals = new Totals();
  readonly #streams = new Set<EventStream>();
  readonly #outcome = latch<RunOutcome>();
  readonly #orphans: number[] = [];
  readonly #warned = new Set<Site>();
  /** This life may meet another body than the one recorded. */
  readonly #loose: boolean;
  #lease: Lease | undefined;
  #body: FlowBody | undefined;
  #seq: number;
  #startedAt = 0;
  #state: RunState = "running";
  /** The first decision about the run's end wins. */
  #ending = false;
  #lost = false;
  #cancelStall: (() => void) | undefined;

  constructor(setup: RunSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.flow = setup.entry.id;
    this.seed = setup.seed;
    this.build = setup.build;
    this.dispatcher = setup.dispatcher;
    this.#loose = setup.codeChanged || setup.accepted || (setup.record?.dropped.length ?? 0) > 0;
    this.#seq = setup.record?.seq ?? 0;
    this.host = {
      id: setup.id,
      clock: setup.clock,
      append: (draft, done) => this.#append(draft, done),
      emit: (event) => this.#emit(event),
    };
  }

  get state(): RunState {
    return this.#state;
  }

  get totals(): StepTotals {
    return this.#totals.now();
  }

  get lease(): Lease | undefined {
    return this.#lease;
  }

  async result(): Promise<unknown> {
    const outcome = await this.#outcome.promise;
    if (outcome.status === "succeeded") return outcome.value;
    if (outcome.status !== "suspended") throw outcome.error;
    throw outcome.error ?? suspendedError(this, outcome.reason, outcome.message);
  }

  outcome(): Promise<RunOutcome> {
    return this.#outcome.promise;
  }

  events(): AsyncIterable<RunEvent> {
    const stream = new EventStream();
    if (this.#outcome.open) stream.end();
    else this.#streams.add(stream);
    return stream;
  }

  async cancel(reason = "cancelled"): Promise<void> {
    if (this.#begin()) {
      const error = new MillraceError("run-aborted", `Run ${this.id} was cancelled: ${reason}`, {
        hint: `It goes on only with \`flow resume ${this.id} --reopen\`.`,
        data: { run: this.id },
      });
      await this.#freeze("cancel", reason);
      this.#end({ state: "aborted", error: encodeError(error), blamed: [] });
    }
    await this.#outcome.promise;
  }

  /** Begins under a lease: records the start or the resumption, then runs the body. */
  begin(lease: Lease): void {
    const { record, entry, params, build, clock, codeChanged, accepted } = this.#setup;
    this.#lease = lease;
    this.#startedAt = clock.now();
    const first: Draft = record
      ? {
          kind: "run-resumed",
          build: build.manifest.build,
          dropped: record.dropped,
          ...(codeChanged ? { changed: true } : {}),
          ...(accepted ? { accepted: true } : {}),
        }
      : {
          kind: "run-started",
          flow: entry.id,
          build: build.manifest.build,
          params: bytesInMemory(params),
          seed: this.seed,
        };
    this.#append(first, (fact) => {
      const recorded = record ? [...record.bodies.values()].reduce((n, list) => n + list.length, 0) : 0;
      const names = { flow: entry.id, build: build.manifest.build };
      this.#emit(record ? { type: "run-resumed", ...names, recorded } : { type: "run-started", ...names });
      if (this.#ending) return;
      this.#body = new FlowBody(this, entry, rootPath(entry.id), record?.started.at ?? fact.at);
      // The bytes were made by encodeValue from a validated parameter object.
      void this.#body.run(decodeValue(params) as object).then((end) => {
        if (this.#begin()) this.#end(end);
      });
    });
  }

  /** The run never got a lease, or its store failed or is damaged: nothing more is written. */
  lose(error: Error): void {
    this.#lost = true;
    this.#begin();
    void this.#body?.freeze("process", error.message);
    this.#close("suspended", { status: "suspended", reason: "interrupt", message: error.message, error });
  }

  /** Stops here; another owner can go on. Resolves when it has stopped. */
  async interrupt(message: string): Promise<void> {
    if (this.#begin()) await this.#suspend("interrupt", message);
    await this.#outcome.promise;
  }

  recordsOf(path: ActivationPath): readonly UnitSettled[] {
    return this.#setup.record?.bodies.get(path) ?? [];
  }

  firm(record: UnitSettled): boolean {
    return !this.#loose && record.seq > (this.#setup.record?.looseUpTo ?? 0);
  }

  movable(record: UnitSettled): boolean {
    return this.#setup.codeChanged || record.seq <= (this.#setup.record?.changedUpTo ?? 0);
  }

  failedAttempts(key: StepKey): number {
    return this.#setup.record?.failedAttempts.get(key) ?? 0;
  }

  restarted(key: StepKey): boolean {
    return this.#setup.record?.restarted.has(key) ?? false;
  }

  settled(fact: UnitSettled): void {
    this.#totals.add(fact.state, "ran");
    this.#tell(fact, "ran");
  }

  restored(record: UnitSettled, place: Place): void {
    this.#totals.add(record.state, "restored");
    if (record.kind === "activation-settled" && this.#setup.record) {
      for (const inner of recordsWithin(this.#setup.record, record.key)) {
        this.#totals.add(inner.state, "restored");
      }
    }
    this.#tell({ ...record, ...place }, "restored");
  }

  orphans(records: readonly UnitSettled[]): void {
    for (const record of records) this.#orphans.push(record.seq);
  }

  diverged(record: UnitSettled): void {
    if (!this.#begin()) return;
    const message =
      `The flow took another way than the one on record: it did not ask for ${record.node} (${record.key}), ` +
      "though its code is unchanged. Something in its body gives other answers than before (clock, random, environment).";
    void this.#suspend("diverged", message);
  }

  unknownSite(flow: string, site: Site): void {
    const message = `${flow} calls from a place that its graph does not know: ${site}.`;
    if (this.#setup.strict) {
      throw new MillraceError("unknown-site", message, {
        hint: "The build could not see this call (see its `dynamic-node` warnings). Run without --strict to record it as dynamic.",
        data: { flow, site },
      });
    }
    if (this.#warned.has(site)) return;
    this.#warned.add(site);
    this.#emit({ type: "warning", code: "unknown-site", message });
  }

  atRest(body: Body): void {
    this.#cancelStall?.();
    this.#cancelStall = this.#setup.clock.after(STALL_MS, () => {
      if (!body.waitsForNothing || !this.#begin()) return;
      void this.#suspend("stalled", `${body.flow} waits for something that nothing can settle. ${body.describe()}`);
    });
  }

  /** Takes the decision about the end; false if it has been taken. */
  #begin(): boolean {
    if (this.#ending) return false;
    this.#ending = true;
    this.#cancelStall?.();
    return true;
  }

  async #freeze(cause: AbortCause, message: string): Promise<void> {
    await this.#body?.freeze(cause, message);
  }

  async #suspend(reason: SuspendReason, message: string): Promise<void> {
    await this.#freeze("process", message);
    this.#append({ kind: "run-suspended", reason, message }, () => {
      this.#emit({ type: "run-suspended", reason, message });
      this.#close("suspended", { status: "suspended", reason, message });
    });
  }

  #end(end: {
    readonly state: BodyEnd["state"];
    readonly value?: Uint8Array;
    readonly error?: Uint8Array;
    readonly blamed?: readonly StepKey[];
  }): void {
    const draft: Draft = {
      kind: "run-ended",
      state: end.state,
      blamed: end.blamed ?? [],
      orphans: this.#orphans,
      ...(end.value ? { value: bytesInMemory(end.value) } : {}),
      ...(end.error ? { error: bytesInMemory(end.error) } : {}),
    };
    this.#append(draft, () => {
      const error = end.error ? decodeError(end.error) : undefined;
      this.#emit({
        type: "run-ended",
        state: end.state,
        totals: this.totals,
        durationMs: this.#duration(),
        ...(error ? { error: summarise(error) } : {}),
      });
      if (end.state === "succeeded") {
        this.#close("succeeded", { status: "succeeded", value: end.value ? decodeValue(end.value) : undefined });
      } else {
        this.#close(end.state, {
          status: end.state,
          error: error ?? new Error(`Run ${this.id} ended without an error.`),
        });
      }
    });
  }

  #close(state: RunState, outcome: Unfinished<RunOutcome>): void {
    if (this.#outcome.open) return;
    this.#state = state;
    this.#outcome.resolve({ ...outcome, totals: this.totals, durationMs: this.#duration() } as RunOutcome);
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
    this.#setup.closed(this);
  }

  #append(draft: Draft, done: (fact: Fact) => void): void {
    if (this.#lost || !this.#lease) return;
    const fact = { ...draft, seq: ++this.#seq, at: this.#setup.clock.now() } as Fact;
    this.#setup.committer.append(this.#lease, fact, (error) => {
      if (error) this.lose(error);
      else done(fact);
    });
  }

  #tell(fact: UnitSettled, source: "ran" | "restored"): void {
    this.#emit({
      type: "step-settled",
      step: refOf(fact),
      state: fact.state,
      source,
      attempts: fact.attempts,
      durationMs: fact.endedAt - (fact.startedAt ?? fact.endedAt),
      ...(fact.error && fact.state === "failed" ? { error: summarise(decodeError(fact.error.read())) } : {}),
    });
  }

  #emit(event: DraftEvent): void {
    const whole = { ...event, run: this.id, at: this.#setup.clock.now() } as RunEvent;
    this.#setup.emit(whole);
    for (const stream of this.#streams) stream.push(whole);
  }

  #duration(): number {
    return this.#setup.clock.now() - this.#startedAt;
  }
}

type Unfinished<O> = O extends RunOutcome ? Omit<O, "totals" | "durationMs"> : never;

function suspendedError(run: RunController, reason: SuspendReason, message: string): MillraceError {
  const code = reason === "diverged" ? "replay-diverged" : reason === "stalled" ? "stalled" : "run-suspended";
  const accept = reason === "diverged" ? " --accept" : "";
  return new MillraceError(code, `Run ${run.id} is suspended (${reason}): ${message}`, {
    hint: `Go on with \`flow resume ${run.id}${accept}\`.`,
    data: { run: run.id, reason },
  });
}
