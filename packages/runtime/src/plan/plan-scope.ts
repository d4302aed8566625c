/** The run as the bodies of a plan see it: decisions are taken as in every run, and noted; nothing starts, nothing is written. */
import {
  type ActivationPath,
  bug,
  bytesInMemory,
  type Decision,
  decodeValue,
  type Fact,
  type JobGraph,
  type MillraceError,
  type PlanDocument,
  rootPath,
  type StepKey,
  type StepRecords,
  type StoredBytes,
  subflowPath,
  systemClock,
  whyItRuns,
  whyRestored,
} from "@millrace/core";
import { OpenResources } from "../attempt/open-resources.js";
import { asError } from "../attempt/outcome.js";
import type { Code } from "../builds/code.js";
import { latch } from "../runs/latch.js";
import type { Mailbox } from "../runs/mailbox.js";
import type { RunPast } from "../runs/run-past.js";
import type { RunRecord } from "../runs/run-record.js";
import type { Body, IssuedCall, Opened, RunScope } from "../runs/run-scope.js";
import { RunTimers } from "../runs/run-timers.js";
import { ThreadUse } from "../runs/thread-use.js";
import { RunShared } from "../shared/run-shared.js";
import type { Dispatcher } from "../steps/dispatcher.js";
import type { ResultCache } from "../steps/result-cache.js";
import { type Draft, isStep, type Place, type RunHost, type Unit, type UnitSettled } from "../steps/unit.js";
import { PlanNotes } from "./plan-notes.js";
import type { PlannedBody } from "./planned-body.js";
import { PlannedFlow } from "./planned-flow.js";
import { PlannedGraph } from "./planned-graph.js";
import { PlannedRules } from "./planned-rules.js";
import { PlannedUnit } from "./planned-unit.js";

/** How long a body may wait for nothing before the plan ends, ms. */
const REST_MS = 500;

/** Values that a plan makes up beside those on record: a loop that waits for another value would never end. */
const SPARE_GUESSES = 100;

/** The scope of one plan. */
export class PlanScope implements RunScope {
  readonly host: RunHost;
  readonly code: Code;
  readonly cache: ResultCache;
  readonly past: RunPast;
  readonly seed: string;
  /** Guesses need not conform to the graph. */
  readonly strict = false;
  readonly witness = undefined;
  readonly mailbox: Mailbox;
  readonly sharedState: RunShared;
  readonly resources: OpenResources = new OpenResources();
  readonly threadUse: ThreadUse = new ThreadUse();
  readonly timers: RunTimers = new RunTimers(systemClock);
  readonly #record: RunRecord;
  readonly #notes = new PlanNotes();
  readonly #orphans: StepKey[] = [];
  /** What stood on record where a call runs. */
  readonly #nearest = new Map<StepKey, UnitSettled>();
  /** Calls that may take a result from the cache, and what they are given. */
  readonly #shared = new Map<StepKey, Promise<StoredBytes | undefined>>();
  readonly #bodies = new Map<ActivationPath, PlannedBody>();
  /** What calls open, and why what is in there is unknown. */
  readonly #opens = new Map<StepKey, Opened & { readonly because: string | undefined }>();
  /** Calls whose outcome is a guess: steps that run, and what has one inside. */
  readonly #guessed = new Set<StepKey>();
  /** Calls that have been asked about. */
  readonly #asked = new Set<StepKey>();
  /** Calls that wait until the record has been gone through: a body that ends before never begins them. */
  readonly #unbegun = new Set<StepKey>();
  /** Calls that run a body, by its path. */
  readonly #callers = new Map<ActivationPath, Place>();
  readonly #stopped = latch();
  readonly #ended = new Set<() => void>();
  #stops: string | undefined;
  /** Steps without a record that code may still take to give nothing. */
  #guesses: number;
  #seq: number;

  constructor(record: RunRecord, past: RunPast, { code, cache }: Pick<RunScope, "code" | "cache">) {
    this.#record = record;
    this.#seq = record.seq;
    this.#guesses = record.records.length + SPARE_GUESSES;
    this.past = past;
    this.mailbox = past.mailbox();
    this.sharedState = new RunShared(past.shared);
    this.code = code;
    this.cache = cache;
    this.seed = record.started.seed;
    this.#openRoot();
    this.host = {
      id: record.id,
      clock: systemClock,
      append: (draft, done) => {
        this.#seq += 1;
        // A draft is a fact without its two stamps, which are added here.
        const fact = { ...this.#asAssumed(draft), seq: this.#seq, at: record.started.at } as Fact;
        setImmediate(() => done(fact));
      },
      emit: () => {},
      stream: () => {},
    };
  }

  get dispatcher(): Dispatcher {
    throw bug("A plan dispatched a step.", { run: this.#record.id });
  }

  /** Resolves when nothing more can come of the bodies. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** What was found, once the run's body has ended or stopped. */
  result(): Pick<PlanDocument, "steps" | "orphans" | "stops"> {
    for (const cancel of this.#ended) cancel();
    const begun = this.#notes.steps.filter(({ key, verdict }) => !(verdict === "runs" && this.#unbegun.has(key)));
    return {
      steps: [...begun, ...[...this.#bodies.values()].flatMap((body) => body.unreached())],
      orphans: this.#orphans,
      ...(this.#stops === undefined ? {} : { stops: this.#stops }),
    };
  }

  decide(call: IssuedCall, records: StepRecords<UnitSettled>): Decision<UnitSettled> {
    const { place, opens, unbegun } = call;
    const body = this.#bodyOf(place);
    const met = { place, path: pathOf(place.key), nearest: records.at(place.key), unbegun };
    this.#asked.add(place.key);
    const because = body.doubtOf(met);
    if (opens) this.#opens.set(place.key, { ...opens, because });
    if (because !== undefined) {
      if (met.nearest) this.#nearest.set(place.key, met.nearest);
      this.#notes.note(place, "unknown", because);
      return body.guess(met);
    }
    const decision = records.decide(place, call.anySite);
    if (decision.verdict === "restored") {
      this.#notes.note(place, "restored", whyRestored(decision.record, decision.by));
      body.restored(place, decision.record);
      return decision;
    }
    const { nearest } = decision;
    if (nearest) this.#nearest.set(place.key, nearest);
    if (unbegun)
      this.#notes.note(place, unbegun.state === "skipped" ? "skipped" : "fails", asError(unbegun.error).message);
    else if (call.sharedTtlMs === undefined) this.#toRun(call, nearest);
    else this.#shared.set(place.key, this.#lookUp(call, call.sharedTtlMs, nearest));
    return decision;
  }

  unit(place: Place, make: () => Unit, settled: (fact: UnitSettled) => void): Unit {
    const opened = this.#opens.get(place.key);
    if (opened) {
      this.#open(place, opened);
      return make();
    }
    // What nobody has asked about is no call: a token passes.
    if (!this.#asked.has(place.key)) return make();
    const body = this.#bodyOf(place);
    this.#unbegun.add(place.key);
    const around = {
      host: this.host,
      begins: () => this.#unbegun.delete(place.key),
      aborted: () => body.aborted(place),
    };
    const value = this.#shared.get(place.key) ?? this.#nearest.get(place.key)?.value;
    if (value || !body.mayLoop) return new PlannedUnit(place, value, { ...around, settled });
    this.#guesses -= 1;
    if (this.#guesses === 0) this.#ended.add(systemClock.after(REST_MS, () => this.#stopped.resolve()));
    return new PlannedUnit(place, undefined, { ...around, settled: this.#guesses > 0 ? settled : () => {} });
  }

  /** A plan holds nothing. */
  wasHeld(): boolean {
    return false;
  }

  settled(fact: UnitSettled): void {
    this.#bodies.get(fact.body)?.settled(fact);
  }

  /** Rules that wait for more tokens: a plan has none to give. */
  onlyWaits(): void {
    if (this.#record.started.rules) this.#stopped.resolve();
  }

  restored(): void {}

  orphans(records: readonly UnitSettled[]): void {
    for (const record of records.filter(isStep)) {
      const own = this.#bodies.get(record.body);
      // A call that is unknown may still ask for it.
      const mayAsk = (own ? [own] : [...this.#bodies.values()]).some(({ isDoubtful }) => isDoubtful);
      if (!mayAsk && !own?.asksFor(record)) this.#orphans.push(record.key);
    }
  }

  lose(error: Error): void {
    this.#stop(error.message);
  }

  halt(error: Error): void {
    this.#stop(error.message);
  }

  diverged(record: UnitSettled): void {
    this.#stop(
      `The flow takes another way than the one on record: it does not ask for ${record.node} (${record.key}), ` +
        "though its code is unchanged.",
    );
  }

  refuse(error: MillraceError): never {
    throw error;
  }

  unknownSite(): void {}

  atRest(body: Body): void {
    const cancel = systemClock.after(REST_MS, () => {
      if (body.waitsForNothing) this.#stopped.resolve();
    });
    this.#ended.add(cancel);
  }

  #stop(why: string): void {
    this.#stops ??= why;
    this.#stopped.resolve();
  }

  #whyItRuns({ place, given }: IssuedCall, nearest: UnitSettled | undefined): string {
    const { task, identity } = place;
    const after = this.code.manifest;
    const before = nearest && (this.past.manifestOf(nearest) ?? after);
    return whyItRuns({ task, identity, given: { ...given }, nearest, before, after });
  }

  #toRun(call: IssuedCall, nearest: UnitSettled | undefined): void {
    this.#notes.note(call.place, "runs", this.#whyItRuns(call, nearest));
    // The result of a body is known as long as nothing inside it runs.
    if (!call.opens) this.#runs(call.place, call.place.node);
  }

  /** The result that a call would be given from the cache; if there is none, what stands on record in its place. */
  async #lookUp(call: IssuedCall, ttlMs: number, nearest: UnitSettled | undefined): Promise<StoredBytes | undefined> {
    const { place } = call;
    const found = await this.cache.look(place.identity, ttlMs);
    if (!found) this.#toRun(call, nearest);
    else
      this.#notes.note(place, "cached", `an equal step has shared its result at ${new Date(found.at).toISOString()}`);
    return found ? bytesInMemory(found.value) : nearest?.value;
  }

  /** A step runs: what depends on it is unknown, in its body and in those around it. */
  #runs(call: Place, cause: string): void {
    this.#guessed.add(call.key);
    this.#bodyOf(call).runs({ node: call.node, path: pathOf(call.key), cause });
    const caller = this.#callers.get(call.body);
    if (caller) this.#runs(caller, cause);
  }

  #asAssumed(draft: Draft): Draft {
    if (draft.kind !== "step-settled" && draft.kind !== "activation-settled") return draft;
    return this.#guessed.has(draft.key) ? this.#bodyOf(draft).endOf(draft) : draft;
  }

  #bodyOf({ body }: Pick<Place, "body">): PlannedBody {
    const found = this.#bodies.get(body);
    if (!found) throw bug("A plan met a body that it did not open.", { body });
    return found;
  }

  #openRoot(): void {
    const { started, records } = this.#record;
    const path = rootPath(started.flow);
    if (started.rules) this.#bodies.set(path, new PlannedRules({ path, records, notes: this.#notes }));
    // Written by the engine from what it had read.
    else if (started.graph) this.#bodies.set(path, this.#graph(path, decodeValue(started.params.read()) as JobGraph));
    else this.#bodies.set(path, this.#flow(path, started.flow));
  }

  #open(place: Place, opened: Opened & { readonly because: string | undefined }): void {
    const path = subflowPath(place.key);
    this.#callers.set(path, place);
    const body = "flow" in opened ? this.#flow(path, opened.flow, opened.because) : this.#graph(path, opened.graph);
    this.#bodies.set(path, body);
  }

  #flow(path: ActivationPath, flow: string, because?: string): PlannedBody {
    return new PlannedFlow({ path, graph: this.code.graph(flow), because });
  }

  #graph(path: ActivationPath, graph: JobGraph): PlannedBody {
    return new PlannedGraph({ path, graph, notes: this.#notes, past: this.past });
  }
}

/** The path under which a step is counted: its key without site and ordinal. */
function pathOf(key: StepKey): string {
  return key.split("/").slice(0, -2).join("/");
}
