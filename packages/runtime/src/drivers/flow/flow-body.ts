/**
 * The flow driver: the life of one running body. It gives the author's code its context; what the code calls is in
 * body-calls.ts. Sub-flows are bodies of their own.
 */
import {
  type AbortCause,
  type ActivationPath,
  encodeError,
  encodeFor,
  type FlowEntry,
  formatDuration,
  MillraceError,
  type StepKey,
  subflowPath,
} from "@millrace/core";
import type { Outcome } from "@millrace/sdk";
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
import { latch } from "../../runs/latch.js";
import type { Body, BodyEnd, RunScope } from "../../runs/run-scope.js";
import { untilIdle } from "../../runs/until-idle.js";
import type { Waiting } from "../../steps/unit.js";
import { bodyHost } from "../body-host.js";
import { blamed } from "./blame.js";
import { BodyCalls } from "./body-calls.js";
import { bodyEmitter } from "./body-emitter.js";
import { bodyLogger } from "./body-logger.js";
import { BodyPlaces } from "./body-places.js";
import { BodyShared } from "./body-shared.js";
import type { CallingBody } from "./calling-body.js";
import { Conformance } from "./conformance.js";
import { IssuedUnits } from "./issued-units.js";
import { LocalStep } from "./local-step.js";
import { PathsAhead } from "./paths-ahead.js";
import { type Failing, runCode } from "./running-code.js";
import { SeededRandom } from "./seeded-random.js";
import { watchHold } from "./watch-hold.js";

/** Where a body stands in its run. */
export interface BodyPlace {
  readonly path: ActivationPath;
  /** Name of the sub-flow's node. Default: the flow's id. */
  readonly node?: string;
  /** What `now()` says before the first delivery, ms since 1970. */
  readonly startedAt: number;
  /** What lies ahead of the run when the body has ended, ms. Default: nothing. */
  readonly after?: () => number;
}

/** One execution of a flow's `run`. */
export class FlowBody implements FlowBinding, Body, Failing {
  readonly log: FlowBinding["log"];
  readonly emit: FlowBinding["emit"];
  readonly info: FlowBinding["info"];
  readonly shared: FlowBinding["shared"];
  readonly #scope: RunScope;
  readonly #entry: FlowEntry;
  readonly #issued: IssuedUnits;
  readonly #calls: BodyCalls;
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

  constructor(scope: RunScope, entry: FlowEntry, { path, node = entry.id, startedAt, after = () => 0 }: BodyPlace) {
    this.#scope = scope;
    this.#entry = entry;
    this.#now = startedAt;
    this.#random = new SeededRandom(scope.seed, path);
    const graph = scope.strict || scope.witness ? scope.code.graph(entry.id) : undefined;
    this.#conformance = graph && new Conformance(entry.id, graph, scope.strict);
    const host = bodyHost(scope.host, () => this.#over, entry.durability);
    this.#issued = new IssuedUnits(path, {
      host,
      scope,
      delivered: (key, { at, state, node }, outcome) => {
        this.#now = at;
        watchHold((ms) => this.#held(ms, `after ${node}`));
        this.#conformance?.delivered(key, state === "succeeded" ? "result" : "error", outcome);
      },
      idle: () => {
        if (this.waitsForNothing) scope.atRest(this);
        else if (this.waiting()) scope.onlyWaits();
      },
    });
    const calling: CallingBody = {
      scope,
      entry,
      host,
      places: new BodyPlaces(scope, entry, path, this.#conformance),
      issued: this.#issued,
      conformance: this.#conformance,
      ended: () => this.#over || this.#frozen,
      ahead: new PathsAhead(
        { graph: (flow) => scope.code.graph(flow), expected: (task) => scope.dispatcher.expected(task) },
        entry.id,
        after,
      ),
      open: (subflow, { key, node: name }, next) =>
        new FlowBody(scope, subflow, { path: subflowPath(key), node: name, startedAt: this.#now, after: next }),
    };
    this.#calls = new BodyCalls(calling);
    this.shared = new BodyShared(calling);
    const audible = (): boolean => !this.#issued.replaying;
    this.log = bodyLogger(host, audible);
    this.emit = bodyEmitter(host, { key: path as string as StepKey, node, task: entry.id }, audible);
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

  /** What its code has been told of is its own business: a caught failure is replayed as caught. */
  get blamed(): readonly StepKey[] {
    return this.#issued.untold;
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

  async use(target: unknown): Promise<object> {
    if (LocalStep.isRunning()) return this.#scope.resources.use(target);
    throw new MillraceError("flow-misuse", `this.use of flow ${this.flow} is for the functions of its steps alone.`, {
      hint: "Write this.step(name, async () => { const it = await this.use(…); … }), or use it in a task.",
      data: { flow: this.flow },
    });
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
    return this.#calls.call(request);
  }

  ref(request: CallRequest): Promise<unknown> {
    return this.#calls.ref(request);
  }

  attempt(request: CallRequest): Promise<Outcome<unknown>> {
    return this.#calls.attempt(request);
  }

  background(request: CallRequest): Promise<unknown> {
    return this.#calls.background(request);
  }

  step(request: LocalStepRequest): Promise<unknown> {
    return this.#calls.step(request);
  }

  sleep(request: SleepRequest): Promise<unknown> {
    return this.#calls.sleep(request);
  }

  waitFor(request: WaitRequest): Promise<unknown> {
    return this.#calls.waitFor(request);
  }

  map(request: MapRequest): Promise<unknown[]> {
    return this.#calls.map(request);
  }

  all(entrants: readonly unknown[]): Promise<unknown[]> {
    return this.#calls.all(entrants);
  }

  race(entrants: readonly unknown[]): Promise<unknown> {
    return this.#calls.race(entrants);
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
    watchHold((ms) => this.#held(ms, "at its beginning"));
    runCode(FlowClass, params, this).then(
      (value) => this.#succeed(value),
      (error: unknown) => this.fail(error),
    );
    this.#issued.begin();
  }

  #held(ms: number, where: string): void {
    this.#scope.host.emit({
      type: "warning",
      code: "slow-body",
      message: `The code of flow ${this.flow} held the main thread for ${formatDuration(ms)}, ${where}.`,
      hint: "Move the work into a task: meanwhile no other run goes on, and neither a signal nor `flow cancel` is heard.",
    });
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
}
