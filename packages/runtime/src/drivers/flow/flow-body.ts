/**
 * The flow driver: one running body. It gives the author's code its context, turns every call into a unit with a key and
 * an identity, matches it with the record, and lets the deliverer settle its promise. Sub-flows are bodies of their own.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  type AbortCause,
  type ActivationPath,
  canonicalHash,
  checkOptions,
  decodeError,
  decodeValue,
  encodeError,
  encodeSegment,
  encodeValue,
  type FlowEntry,
  formatSite,
  idempotencyKey,
  MillraceError,
  mergeOptions,
  type Site,
  type StepKey,
  type StepOptions,
  stepIdentity,
  subflowPath,
  type TaskEntry,
} from "@millrace/core";
import {
  bindFlow,
  type CallRequest,
  type FlowContext,
  type LocalStepRequest,
  type MapRequest,
  runInFrame,
} from "@millrace/sdk/internal";
import { Deliverer } from "../../delivery/deliverer.js";
import { latch } from "../../runs/latch.js";
import type { BodyEnd, RunScope } from "../../runs/run-scope.js";
import { TaskStep } from "../../steps/task-step.js";
import type { Place, RunHost, Unit, UnitSettled } from "../../steps/unit.js";
import { blame, blamed } from "./blame.js";
import { bodyLogger } from "./body-logger.js";
import { CallPaths } from "./call-path.js";
import { runMap } from "./flow-map.js";
import { LocalStep } from "./local-step.js";
import { RecordIndex } from "./record-index.js";
import { SeededRandom } from "./seeded-random.js";
import { SubflowUnit } from "./subflow-unit.js";

/** Which body the running code belongs to; set for the whole life of a body. */
const running = new AsyncLocalStorage<FlowBody>();

/** The body whose code runs now, also in a stray rejection. */
export function currentBody(): FlowBody | undefined {
  return running.getStore();
}

interface Issued {
  readonly unit: Unit | undefined;
  readonly place: Place;
}

/** One execution of a flow's `run`. */
export class FlowBody implements FlowContext {
  readonly path: ActivationPath;
  readonly entry: FlowEntry;
  readonly #scope: RunScope;
  readonly #paths: CallPaths;
  readonly #records: RecordIndex;
  readonly #deliverer: Deliverer;
  readonly #random: SeededRandom;
  readonly #controller = new AbortController();
  readonly #live = new Map<StepKey, Issued>();
  /** How each live unit's promise settles. */
  readonly #waiting = new Map<StepKey, (fact: UnitSettled) => void>();
  readonly #end = latch<BodyEnd>();
  readonly #host: RunHost;
  #now: number;
  /** The author's code has ended. */
  #over = false;
  /** Nothing is delivered any more, whether or not the code has ended. */
  #frozen = false;
  #recent: readonly string[] = [];
  #steps = 0;
  readonly log: FlowContext["log"];
  readonly info: FlowContext["info"];

  constructor(scope: RunScope, entry: FlowEntry, path: ActivationPath, startedAt: number) {
    this.#scope = scope;
    this.entry = entry;
    this.path = path;
    this.#now = startedAt;
    this.#paths = new CallPaths(path);
    this.#random = new SeededRandom(scope.seed, path);
    const records = scope.recordsOf(path);
    this.#records = new RecordIndex(path, records, scope.codeChanged);
    this.#deliverer = new Deliverer(records, scope.lenient, {
      caughtUp: () => {},
      diverged: (record) => scope.diverged(record),
      idle: () => this.#idle(),
    });
    // What settles after the body's end is recorded as such: no later life of the body may see it.
    this.#host = {
      id: scope.host.id,
      clock: scope.host.clock,
      emit: (event) => scope.host.emit(event),
      append: (draft, done) => {
        const late = this.#over && (draft.kind === "step-settled" || draft.kind === "activation-settled");
        scope.host.append(late ? { ...draft, late: true } : draft, done);
      },
    };
    this.log = bodyLogger(this.#host, () => !this.#deliverer.replaying);
    this.info = { run: scope.host.id, flow: entry.id };
  }

  /** Units settled so far, those inside sub-flows included. */
  get steps(): number {
    return this.#steps;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#random.number();
  }

  uuid(): string {
    return this.#random.uuid();
  }

  /** Runs the author's code to its end; then aborts and awaits what it left behind. Never rejects. */
  async run(params: object): Promise<BodyEnd> {
    const FlowClass = await this.#scope.build.loadFlow(this.entry).catch((error: Error) => error);
    if (this.#frozen) return this.#end.promise;
    if (FlowClass instanceof Error) this.#fail(FlowClass);
    else this.#execute(FlowClass, params);
    const end = await this.#end.promise;
    if (!this.#frozen) await this.#leave("body", "its flow had ended");
    return end;
  }

  /** The author's code ends here with an error that it could not catch itself. */
  fail(error: unknown): void {
    this.#fail(error);
  }

  /** Stops delivering and aborts everything that runs. The body's code is not resumed. Resolves when all of it is gone. */
  async freeze(cause: AbortCause, message: string): Promise<void> {
    if (this.#over || this.#frozen) return;
    this.#frozen = true;
    this.#over = cause === "body";
    this.#controller.abort(new MillraceError("step-aborted", message, { data: { flow: this.entry.id } }));
    await this.#leave(cause, message);
    this.#end.resolve({ state: "aborted", message });
  }

  call(request: CallRequest): Promise<unknown> {
    return this.#guard(() => {
      const entry = this.#scope.build.resolve(request.target);
      const options = this.#options(entry, request.options);
      const params = encodeValue(request.params, "params");
      const place = this.#place(request.site, entry.id, {
        task: entry.id,
        version: options.version ?? "",
        fingerprint: entry.fingerprint.hash,
        params: canonicalHash(request.params),
      });
      return this.#issue(place, options.pure === true, () =>
        entry.kind === "task" ? this.#taskStep(place, entry, options, params) : this.#subflow(place, entry, params),
      );
    });
  }

  step(request: LocalStepRequest): Promise<unknown> {
    return this.#guard(() => {
      const task = `step:${request.name}`;
      const identity = { task, version: "", fingerprint: this.entry.fingerprint.hash, params: "" };
      const place = this.#place(request.site, `step:${request.name}`, identity, request.name);
      return this.#issue(
        place,
        false,
        () => new LocalStep(place, request.fn, this.#host, (fact) => this.#settled(fact)),
      );
    });
  }

  map(request: MapRequest): Promise<unknown[]> {
    return this.#guard(() => {
      const site = request.site ?? this.#unstamped("map");
      const { path, frames } = this.#paths.current();
      const key = this.#paths.nextKey(path, site);
      const execution = {};
      this.#paths.nameExecution(execution, key);
      return runMap(request, {
        site,
        execution,
        started: (total) => this.#host.emit({ type: "map-started", node: this.#nodeId(frames, site), key, total }),
        abort: (message) => this.#abortUnder(key, message),
      });
    });
  }

  /** What the body waits for, for messages. */
  describe(): string {
    return this.#recent.length === 0 ? "It has called nothing." : `Its last calls: ${this.#recent.join(", ")}.`;
  }

  #execute(FlowClass: new () => { run(): unknown }, params: object): void {
    const begin = async (): Promise<unknown> => {
      const instance = new FlowClass();
      Object.assign(instance, params);
      bindFlow(instance, this);
      return instance.run();
    };
    const ended = running.run(this, () => runInFrame(undefined, begin));
    ended.then(
      (value) => this.#succeed(value),
      (error: unknown) => this.#fail(error),
    );
    this.#deliverer.begin();
  }

  #succeed(value: unknown): void {
    if (this.#over || this.#frozen) return;
    let bytes: Uint8Array;
    try {
      bytes = encodeValue(value, "result");
    } catch (error) {
      return this.#fail(error);
    }
    this.#over = true;
    this.#end.resolve({ state: "succeeded", value: bytes });
  }

  #fail(error: unknown): void {
    if (this.#over || this.#frozen) return;
    this.#over = true;
    this.#end.resolve({ state: "failed", error: encodeError(error), blamed: blamed(error) });
  }

  /** After the end: nothing is delivered, what runs is aborted and awaited. */
  async #leave(cause: AbortCause, message: string): Promise<void> {
    const held = new Set(this.#deliverer.stop());
    const units = [...this.#live.values()]
      .map(({ unit }) => unit)
      .filter((unit) => unit !== undefined && !held.has(unit)) as Unit[];
    for (const unit of units) unit.abort(cause, message);
    await Promise.all(units.map((unit) => unit.gone));
    this.#scope.orphans(this.#deliverer.orphans());
  }

  /** Misuse rejects the call's own promise; every promise handed out is marked as handled, awaited or not. */
  #guard<T>(begin: () => Promise<T>): Promise<T> {
    let promise: Promise<T>;
    try {
      if (LocalStep.isRunning())
        throw misuse("this.call, this.map and this.step cannot be used inside the function of this.step.");
      promise = begin();
    } catch (error) {
      promise = Promise.reject(error);
    }
    promise.catch(() => {});
    return promise;
  }

  #options(entry: TaskEntry | FlowEntry, given: StepOptions): StepOptions {
    const issues = checkOptions(given);
    if (issues.length > 0) {
      const list = issues.map((issue) => `${issue.path} ${issue.message}`).join("; ");
      throw new MillraceError("invalid-options", `The options of the call of ${entry.id} cannot be used: ${list}.`, {
        data: { issues },
      });
    }
    return mergeOptions(entry.options, given);
  }

  #place(
    stamped: Site | undefined,
    callee: string,
    identity: Parameters<typeof stepIdentity>[0],
    task = identity.task,
  ): Place {
    const site = stamped ?? this.#unstamped(callee);
    const { path, frames } = this.#paths.current();
    const key = this.#paths.nextKey(path, site);
    return { key, site, node: this.#nodeId(frames, site), body: this.path, task, identity: stepIdentity(identity) };
  }

  #nodeId(frames: readonly Site[], site: Site): string {
    const node = this.#scope.build.graph(this.entry.id).find(frames, site);
    if (node) return node.id;
    this.#scope.unknownSite(this.entry.id, site);
    return site;
  }

  #unstamped(callee: string): Site {
    const site = formatSite({
      owner: `${this.entry.className}.dynamic`,
      callee: encodeSegment(callee),
      receiver: "",
      n: 1,
    });
    this.#scope.unknownSite(this.entry.id, site);
    return site;
  }

  #issue(place: Place, anySite: boolean, make: () => Unit): Promise<unknown> {
    this.#recent = [...this.#recent.slice(-2), place.node];
    const record = this.#records.take({ ...place, anySite });
    return new Promise((resolve, reject) => {
      const settle = (fact: UnitSettled): void => {
        this.#now = fact.at;
        this.#live.delete(place.key);
        if (fact.state === "succeeded") resolve(fact.value ? decodeValue(fact.value.read()) : undefined);
        else reject(this.#errorOf(fact));
      };
      if (record) {
        this.#live.set(place.key, { unit: undefined, place });
        if (record.key !== place.key) this.#rekey(record, place);
        this.#deliverer.ask(record, () => {
          this.#scope.restored(record, place);
          this.#count(record);
          settle(record);
        });
        return;
      }
      this.#waiting.set(place.key, settle);
      const unit = make();
      this.#live.set(place.key, { unit, place });
      this.#deliverer.admit(unit);
    });
  }

  /** A unit's settlement has been committed. */
  #settled(fact: UnitSettled): void {
    this.#scope.settled(fact);
    this.#count(fact);
    const settle = this.#waiting.get(fact.key);
    this.#waiting.delete(fact.key);
    if (settle && !fact.late) this.#deliverer.live(() => settle(fact));
    else this.#live.delete(fact.key);
  }

  #count(fact: UnitSettled): void {
    this.#steps += fact.kind === "activation-settled" ? 1 + fact.steps : 1;
  }

  #errorOf(fact: UnitSettled): Error {
    const error = fact.error ? decodeError(fact.error.read()) : misuse(`${fact.node} ended without an error.`);
    const inside = fact.kind === "activation-settled" ? (fact.blamed ?? []) : [];
    return blame(error, [fact.key, ...inside]);
  }

  #rekey(record: UnitSettled, place: Place): void {
    const { key, site, node, body } = place;
    this.#host.append({ kind: "step-rekeyed", record: record.seq, key, site, node, body }, () => {});
  }

  #taskStep(place: Place, entry: TaskEntry, options: StepOptions, params: Uint8Array): Unit {
    return new TaskStep(
      {
        place,
        entry,
        module: this.#scope.build.moduleUrl(entry),
        params,
        options,
        idempotencyKey: idempotencyKey(this.#scope.host.id, place.key),
        failedBefore: this.#scope.failedAttempts(place.key),
        restarted: this.#scope.restarted(place.key),
      },
      this.#host,
      this.#scope.dispatcher,
      (fact) => this.#settled(fact),
    );
  }

  #subflow(place: Place, entry: FlowEntry, params: Uint8Array): Unit {
    const open = (): FlowBody => new FlowBody(this.#scope, entry, subflowPath(place.key), this.#now);
    return new SubflowUnit({ place, params, open, host: this.#host, onSettled: (fact) => this.#settled(fact) });
  }

  #abortUnder(key: StepKey, message: string): void {
    for (const { unit, place } of [...this.#live.values()]) {
      if (place.key.startsWith(`${key}/`)) unit?.abort("body", message);
    }
  }

  #idle(): void {
    if (this.waitsForNothing) this.#scope.atRest(this);
  }

  /** True while the body waits and nothing that it has issued can settle. */
  get waitsForNothing(): boolean {
    return !this.#over && !this.#frozen && this.#live.size === 0;
  }
}

function misuse(message: string): MillraceError {
  return new MillraceError("flow-misuse", message);
}
