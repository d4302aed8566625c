/**
 * The flow driver: one running body. It gives the author's code its context and turns every call into a unit with a key
 * and an identity. Sub-flows are bodies of their own.
 */
import {
  type AbortCause,
  type ActivationPath,
  canonicalHash,
  checkOptions,
  durationMs,
  encodeError,
  encodeFor,
  type FlowEntry,
  type GraphNode,
  type IdentityInput,
  idempotencyKey,
  MillraceError,
  mergeOptions,
  type Site,
  type StepOptions,
  stepIdentity,
  subflowPath,
  type TaskEntry,
} from "@millrace/core";
import {
  type CallRequest,
  type Flow,
  type FlowBinding,
  type LocalStepRequest,
  type MapRequest,
  refineParams,
  type SleepRequest,
  type WaitRequest,
} from "@millrace/sdk/internal";
import { checkParams } from "../../runs/check-params.js";
import { definedOnly } from "../../runs/defined-only.js";
import { latch } from "../../runs/latch.js";
import type { Body, BodyEnd, RunScope } from "../../runs/run-scope.js";
import { untilIdle } from "../../runs/until-idle.js";
import { TaskStep } from "../../steps/task-step.js";
import { cacheTtl } from "../../steps/task-step-spec.js";
import type { Place, RunHost, Unit, UnitSettled, Waiting } from "../../steps/unit.js";
import { blamed } from "./blame.js";
import { bodyLogger } from "./body-logger.js";
import { CallPaths } from "./call-path.js";
import { Conformance } from "./conformance.js";
import { runMap } from "./flow-map.js";
import { IssuedUnits } from "./issued-units.js";
import { LocalStep } from "./local-step.js";
import type { MainUnitSpec } from "./main-unit.js";
import { type Failing, runCode } from "./running-code.js";
import { SeededRandom } from "./seeded-random.js";
import { SleepUnit } from "./sleep-unit.js";
import { SubflowUnit } from "./subflow-unit.js";
import { WaitUnit } from "./wait-unit.js";

/** What is called. */
interface Asked {
  readonly stamped: Site | undefined;
  /** What the site says if the build has not stamped the call. */
  readonly callee: string;
  readonly task: string;
  readonly identity: IdentityInput;
  readonly given: object;
}

/** A record of it serves at its own site only. */
const HERE_ALONE = { anySite: false, given: {}, sharedTtlMs: undefined } as const;

/** One execution of a flow's `run`. */
export class FlowBody implements FlowBinding, Body, Failing {
  readonly log: FlowBinding["log"];
  readonly info: FlowBinding["info"];
  readonly #scope: RunScope;
  readonly #entry: FlowEntry;
  readonly #path: ActivationPath;
  readonly #host: RunHost;
  readonly #paths: CallPaths;
  readonly #issued: IssuedUnits;
  readonly #random: SeededRandom;
  /** Undefined unless the run is strict or watched. */
  readonly #conformance: Conformance | undefined;
  readonly #controller = new AbortController();
  readonly #end = latch<BodyEnd>();
  #now: number;
  /** The author's code has ended. */
  #over = false;
  /** Nothing is delivered any more, whether or not the code has ended. */
  #frozen = false;
  /** What the body left running is being aborted. */
  #leaving: Promise<void> | undefined;

  /** @param startedAt What `now()` says before the first delivery, ms since 1970. */
  constructor(scope: RunScope, entry: FlowEntry, path: ActivationPath, startedAt: number) {
    this.#scope = scope;
    this.#entry = entry;
    this.#path = path;
    this.#now = startedAt;
    this.#paths = new CallPaths(path);
    this.#random = new SeededRandom(scope.seed, path);
    const graph = scope.strict || scope.witness ? scope.code.graph(entry.id) : undefined;
    this.#conformance = graph && new Conformance(entry.id, graph, scope.strict);
    this.#host = {
      id: scope.host.id,
      clock: scope.host.clock,
      emit: (event) => scope.host.emit(event),
      // What settles after the body's end is recorded as such: no later life of the body may see it.
      append: (draft, done) => {
        const late = this.#over && (draft.kind === "step-settled" || draft.kind === "activation-settled");
        scope.host.append(late ? { ...draft, late: true } : draft, done);
      },
    };
    this.#issued = new IssuedUnits(path, {
      host: this.#host,
      scope,
      delivered: (key, { at, state }, outcome) => {
        this.#now = at;
        this.#conformance?.delivered(key, state === "succeeded" ? "result" : "error", outcome);
      },
      idle: () => {
        if (this.waitsForNothing) scope.atRest(this);
        else if (this.waiting()) scope.onlyWaits();
      },
    });
    this.log = bodyLogger(this.#host, () => !this.#issued.replaying);
    const varies = (): void => this.#conformance?.varies();
    this.info = {
      flow: entry.id,
      get run() {
        varies();
        return scope.host.id;
      },
    };
  }

  get flow(): string {
    return this.#entry.id;
  }

  get steps(): number {
    return this.#issued.settledCount;
  }

  get waitsForNothing(): boolean {
    return !this.#over && !this.#frozen && this.#issued.liveCount === 0;
  }

  waiting(): readonly Waiting[] | undefined {
    return this.#over || this.#frozen ? undefined : this.#issued.waiting();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  now(): number {
    this.#conformance?.varies();
    return this.#now;
  }

  random(): number {
    this.#conformance?.varies();
    return this.#random.number();
  }

  uuid(): string {
    this.#conformance?.varies();
    return this.#random.uuid();
  }

  describe(): string {
    const { recent } = this.#issued;
    return recent.length === 0 ? "It has called nothing." : `Its last calls: ${recent.join(", ")}.`;
  }

  inFlight(): readonly string[] {
    return this.#issued.inFlight();
  }

  async run(params: object): Promise<BodyEnd> {
    const ready = await this.#prepare(params).catch((error: unknown) => ({ error }));
    if (this.#frozen) return this.#end.promise;
    this.#conformance?.begin(params);
    if ("error" in ready) this.fail(ready.error);
    else this.#execute(ready.FlowClass, ready.params);
    const end = await this.#end.promise;
    if (!this.#frozen) this.#leaving = this.#issued.leave("body", "its flow had ended");
    await this.#leaving;
    const shown = this.#conformance?.witnessed(end.state === "succeeded");
    if (shown) this.#scope.witness?.(this.flow, shown);
    return end;
  }

  async freeze(cause: AbortCause, message: string): Promise<void> {
    if (this.#over || this.#frozen) return this.#leaving;
    this.#frozen = true;
    this.#over = cause === "body";
    this.#controller.abort(new MillraceError("step-aborted", message, { data: { flow: this.flow } }));
    this.#leaving = this.#issued.leave(cause, message);
    await this.#leaving;
    this.#end.resolve({ state: "aborted", message });
  }

  fail(error: unknown): void {
    if (this.#over || this.#frozen) return;
    this.#over = true;
    this.#end.resolve({ state: "failed", error: encodeError(error), blamed: blamed(error) });
  }

  call(request: CallRequest): Promise<unknown> {
    return this.#guard(() => {
      const entry = this.#scope.code.resolve(request.target);
      const options = optionsOf(entry, request.options);
      const given = definedOnly(request.params);
      checkParams(entry, request.params, this.#scope.code.callSchema(entry, request.site));
      const params = encodeFor(`a call of ${entry.id} by ${this.flow}`, "params", given);
      const identity = {
        task: entry.id,
        version: options.version ?? "",
        fingerprint: entry.fingerprint.hash,
        params: canonicalHash(given),
      };
      const place = this.#place({ stamped: request.site, callee: entry.id, task: entry.id, identity, given });
      const make = (): Unit =>
        entry.kind === "task"
          ? this.#taskStep(place, entry, options, params)
          : this.#subflow(place, entry, options, params);
      const sharedTtlMs = cacheTtl(options);
      const anySite = options.pure === true || sharedTtlMs !== undefined;
      return this.#issued.issue(place, { anySite, given, sharedTtlMs }, make);
    });
  }

  step(request: LocalStepRequest): Promise<unknown> {
    return this.#guard(() => {
      const callee = `step:${request.name}`;
      // Its code is part of the body: what the body calls as steps cannot change it.
      const { body, hash } = this.#entry.fingerprint;
      const identity = { task: callee, version: "", fingerprint: body ?? hash, params: "" };
      const place = this.#place({ stamped: request.site, callee, task: request.name, identity, given: {} });
      return this.#issued.issue(place, HERE_ALONE, () => new LocalStep(this.#mainUnit(place), request.fn));
    });
  }

  sleep(request: SleepRequest): Promise<unknown> {
    return this.#guard(() => {
      const ms = durationMs(request.duration, "The duration of a sleep");
      const identity = { task: "sleep", version: "", fingerprint: "", params: canonicalHash(ms) };
      const place = this.#place({ stamped: request.site, callee: "sleep", task: "sleep", identity, given: {} });
      const make = (): Unit => new SleepUnit(this.#mainUnit(place), ms, this.#scope.past.timer(place.key));
      return this.#issued.issue(place, HERE_ALONE, make);
    });
  }

  waitFor({ name, options, site }: WaitRequest): Promise<unknown> {
    return this.#guard(() => {
      const { timeout } = options;
      const timeoutMs =
        timeout === undefined ? undefined : durationMs(timeout, `The timeout of the wait for "${name}"`);
      const callee = `wait:${name}`;
      const identity = { task: callee, version: "", fingerprint: "", params: "" };
      const place = this.#place({ stamped: site, callee, task: name, identity, given: {} });
      const { mailbox, past } = this.#scope;
      const make = (): Unit =>
        new WaitUnit(this.#mainUnit(place), { name, mailbox, timeoutMs, recorded: past.timer(place.key) });
      return this.#issued.issue(place, HERE_ALONE, make);
    });
  }

  map(request: MapRequest): Promise<unknown[]> {
    return this.#guard(() => {
      const site = request.site ?? this.#scope.code.unstampedSite(this.#entry, "map");
      const { path, frames } = this.#paths.current();
      const key = this.#paths.nextKey(path, site);
      const execution = {};
      this.#paths.nameExecution(execution, key);
      return runMap(request, {
        site,
        execution,
        started: (total) => {
          const node = this.#node(frames, site, "map")?.id;
          if (node !== undefined) this.#conformance?.beginMap(node, total);
          this.#host.emit({ type: "map-started", node: node ?? this.#nodeName(site, "map"), key, total });
        },
        abort: (message) => this.#issued.abortUnder(key, message),
      });
    });
  }

  #mainUnit(place: Place): MainUnitSpec {
    return { place, host: this.#host, onSettled: (fact) => this.#issued.settled(fact) };
  }

  /** Misuse rejects the call's own promise; every promise handed out is marked as handled, awaited or not. */
  #guard<T>(begin: () => Promise<T>): Promise<T> {
    let promise: Promise<T>;
    try {
      if (LocalStep.isRunning()) throw insideLocalStep();
      // The code has ended, but a branch that nobody awaits may come here in the same turn.
      if (this.#over || this.#frozen)
        throw new MillraceError("step-aborted", `${this.flow} has ended: it calls nothing more.`, {
          hint: "Await every branch of the body before it returns.",
          data: { flow: this.flow },
        });
      promise = begin();
    } catch (error) {
      promise = Promise.reject(error);
    }
    promise.catch(() => {});
    return promise;
  }

  /** What the body needs before its code runs: nothing may be delivered while a schema takes its time. */
  async #prepare(given: object): Promise<{ readonly FlowClass: new () => Flow; readonly params: object }> {
    const FlowClass = await this.#scope.code.loadFlow(this.#entry);
    const refined = refineParams(FlowClass, given);
    if (!(refined instanceof Promise)) return { FlowClass, params: refined };
    const params = await untilIdle(refined, () => new Error("a schema of its parameters waits for what never comes"));
    return { FlowClass, params };
  }

  #execute(FlowClass: new () => { run(): unknown }, params: object): void {
    runCode(FlowClass, params, this).then(
      (value) => this.#succeed(value),
      (error: unknown) => this.fail(error),
    );
    this.#issued.begin();
  }

  #succeed(value: unknown): void {
    if (this.#over || this.#frozen) return;
    let bytes: Uint8Array;
    try {
      const violation = this.#conformance?.succeeded();
      if (violation) this.#scope.refuse(violation);
      bytes = encodeFor(this.flow, "result", value);
    } catch (error) {
      return this.fail(error);
    }
    this.#over = true;
    this.#end.resolve({ state: "succeeded", value: bytes });
  }

  #place({ stamped, callee, task, identity, given }: Asked): Place {
    const site = stamped ?? this.#scope.code.unstampedSite(this.#entry, callee);
    const { path, frames, chain } = this.#paths.current();
    const key = this.#paths.nextKey(path, site);
    const node = this.#node(frames, site, task);
    const violation =
      node && this.#conformance?.issue(key, { name: key.slice(this.#path.length), node, frames: chain }, given);
    if (violation) this.#scope.refuse(violation);
    return {
      key,
      site,
      node: node?.id ?? this.#nodeName(site, task),
      body: this.#path,
      task,
      identity: stepIdentity(identity),
    };
  }

  #node(frames: readonly Site[], site: Site, callee: string): GraphNode | undefined {
    const graph = this.#scope.code.graph(this.flow);
    const node = graph?.find(frames, site, callee);
    if (graph && !node) this.#scope.unknownSite(this.flow, site);
    return node;
  }

  /** What a call is called that no graph knows. */
  #nodeName(site: Site, callee: string): string {
    return this.#scope.code.graph(this.flow) ? site : callee;
  }

  #taskStep(place: Place, entry: TaskEntry, options: StepOptions, params: Uint8Array): Unit {
    const spec = {
      place,
      entry,
      module: this.#scope.code.moduleUrl(entry),
      params,
      options,
      idempotencyKey: idempotencyKey(this.#scope.host.id, place.key),
      failedBefore: this.#scope.past.failedAttempt(place.key),
      restarted: this.#scope.past.restarted(place.key),
    };
    return new TaskStep(spec, this.#host, this.#scope, (fact) => this.#issued.settled(fact));
  }

  #subflow(place: Place, entry: FlowEntry, options: StepOptions, params: Uint8Array): Unit {
    const open = (): Body => new FlowBody(this.#scope, entry, subflowPath(place.key), this.#now);
    const onSettled = (fact: UnitSettled): void => this.#issued.settled(fact);
    return new SubflowUnit({ place, params, options, open, host: this.#host, onSettled });
  }
}

function optionsOf(entry: TaskEntry | FlowEntry, given: StepOptions): StepOptions {
  const issues = checkOptions(given, entry.kind);
  if (issues.length === 0) return mergeOptions(entry.options, given);
  const list = issues.map((issue) => `${issue.path} ${issue.message}`).join("; ");
  throw new MillraceError("invalid-options", `The options of a call of ${entry.id} cannot be used: ${list}.`, {
    hint: "Correct the options of this.call; `flow check` finds those that are literals before anything runs.",
    data: { flow: entry.id, issues },
  });
}

function insideLocalStep(): MillraceError {
  return new MillraceError(
    "flow-misuse",
    "call, map and step of a flow cannot be used inside the function of its step.",
    {
      hint: "Call the task from the flow's body, and hand its result on to the step.",
    },
  );
}
