/** What the code of one body can ask for: each call becomes a unit with a place, or the error of its own promise. */
import {
  type ActivationPath,
  canonicalHash,
  checkOptions,
  durationMs,
  encodeFor,
  type FlowEntry,
  idempotencyKey,
  MillraceError,
  mergeOptions,
  type StepOptions,
  subflowPath,
  type TaskEntry,
} from "@millrace/core";
import type {
  CallRequest,
  FlowBinding,
  LocalStepRequest,
  MapRequest,
  Outcome,
  SleepRequest,
  WaitRequest,
} from "@millrace/sdk/internal";
import { checkParams } from "../../runs/check-params.js";
import { definedOnly } from "../../runs/defined-only.js";
import type { Body, RunScope } from "../../runs/run-scope.js";
import { TaskStep } from "../../steps/task-step.js";
import { cacheTtl } from "../../steps/task-step-spec.js";
import type { Place, RunHost, Unit, UnitSettled } from "../../steps/unit.js";
import type { BodyPlaces } from "./body-places.js";
import type { Conformance } from "./conformance.js";
import { runMap } from "./flow-map.js";
import type { IssuedUnits } from "./issued-units.js";
import { LocalStep } from "./local-step.js";
import type { MainUnitSpec } from "./main-unit.js";
import { successful, unsuccessful } from "./outcome.js";
import { SleepUnit } from "./sleep-unit.js";
import { SubflowUnit } from "./subflow-unit.js";
import { WaitUnit } from "./wait-unit.js";

/** The body whose code calls. */
export interface CallingBody {
  readonly scope: RunScope;
  readonly entry: FlowEntry;
  readonly host: RunHost;
  readonly places: BodyPlaces;
  readonly issued: IssuedUnits;
  readonly conformance: Conformance | undefined;
  /** Its code has ended, or nothing is delivered to it any more. */
  ended(): boolean;
  /** Opens the body of a sub-flow. */
  open(entry: FlowEntry, path: ActivationPath): Body;
}

/** A record of it serves at its own site only. */
const HERE_ALONE = { anySite: false, given: {}, sharedTtlMs: undefined } as const;

/** The calls of one body. */
export class BodyCalls implements Pick<FlowBinding, "call" | "attempt" | "step" | "sleep" | "waitFor" | "map"> {
  readonly #body: CallingBody;

  constructor(body: CallingBody) {
    this.#body = body;
  }

  call(request: CallRequest): Promise<unknown> {
    return this.#guard(() => this.#call(request));
  }

  attempt(request: CallRequest): Promise<Outcome<unknown>> {
    return this.#guard(() => this.#call(request).then(successful, unsuccessful));
  }

  step(request: LocalStepRequest): Promise<unknown> {
    return this.#guard(() => {
      const callee = `step:${request.name}`;
      // Its code is part of the body: what the body calls as steps cannot change it.
      const { body, hash } = this.#body.entry.fingerprint;
      const identity = { task: callee, version: "", fingerprint: body ?? hash, params: "" };
      const place = this.#body.places.of({ stamped: request.site, callee, task: request.name, identity, given: {} });
      return this.#body.issued.issue(place, HERE_ALONE, () => new LocalStep(this.#mainUnit(place), request.fn));
    });
  }

  sleep(request: SleepRequest): Promise<unknown> {
    return this.#guard(() => {
      const ms = durationMs(request.duration, "The duration of a sleep");
      const identity = { task: "sleep", version: "", fingerprint: "", params: canonicalHash(ms) };
      const place = this.#body.places.of({
        stamped: request.site,
        callee: "sleep",
        task: "sleep",
        identity,
        given: {},
      });
      const { timers, past } = this.#body.scope;
      const make = (): Unit => new SleepUnit(this.#mainUnit(place), { timers, ms, recorded: past.timer(place.key) });
      return this.#body.issued.issue(place, HERE_ALONE, make);
    });
  }

  waitFor({ name, options, site }: WaitRequest): Promise<unknown> {
    return this.#guard(() => {
      const { timeout } = options;
      const timeoutMs =
        timeout === undefined ? undefined : durationMs(timeout, `The timeout of the wait for "${name}"`);
      const callee = `wait:${name}`;
      const identity = { task: callee, version: "", fingerprint: "", params: "" };
      const place = this.#body.places.of({ stamped: site, callee, task: name, identity, given: {} });
      const { mailbox, timers, past } = this.#body.scope;
      const make = (): Unit =>
        new WaitUnit(this.#mainUnit(place), { name, mailbox, timers, timeoutMs, recorded: past.timer(place.key) });
      return this.#body.issued.issue(place, HERE_ALONE, make);
    });
  }

  map(request: MapRequest): Promise<unknown[]> {
    return this.#guard(() => {
      const { site, key, execution, node, name } = this.#body.places.ofMap(request.site);
      return runMap(request, {
        site,
        execution,
        started: (total) => {
          if (node !== undefined) this.#body.conformance?.beginMap(node, total);
          this.#body.host.emit({ type: "map-started", node: name, key, total });
        },
        abort: (message) => this.#body.issued.abortUnder(key, message),
      });
    });
  }

  #call(request: CallRequest): Promise<unknown> {
    const entry = this.#body.scope.code.resolve(request.target);
    const options = optionsOf(entry, request.options);
    const given = definedOnly(request.params);
    checkParams(entry, request.params, this.#body.scope.code.callSchema(entry, request.site));
    const params = encodeFor(`a call of ${entry.id} by ${this.#body.entry.id}`, "params", given);
    const identity = {
      task: entry.id,
      version: options.version ?? "",
      fingerprint: entry.fingerprint.hash,
      params: canonicalHash(given),
    };
    const place = this.#body.places.of({ stamped: request.site, callee: entry.id, task: entry.id, identity, given });
    const make = (): Unit =>
      entry.kind === "task"
        ? this.#taskStep(place, entry, options, params)
        : this.#subflow(place, entry, options, params);
    const sharedTtlMs = cacheTtl(options);
    const anySite = options.pure === true || sharedTtlMs !== undefined;
    return this.#body.issued.issue(place, { anySite, given, sharedTtlMs }, make);
  }

  #mainUnit(place: Place): MainUnitSpec {
    return { place, host: this.#body.host, onSettled: (fact) => this.#body.issued.settled(fact) };
  }

  /** Misuse rejects the call's own promise; every promise handed out is marked as handled, awaited or not. */
  #guard<T>(begin: () => Promise<T>): Promise<T> {
    let promise: Promise<T>;
    try {
      if (LocalStep.isRunning()) throw insideLocalStep();
      // The code has ended, but a branch that nobody awaits may come here in the same turn.
      if (this.#body.ended())
        throw new MillraceError("step-aborted", `${this.#body.entry.id} has ended: it calls nothing more.`, {
          hint: "Await every branch of the body before it returns.",
          data: { flow: this.#body.entry.id },
        });
      promise = begin();
    } catch (error) {
      promise = Promise.reject(error);
    }
    promise.catch(() => {});
    return promise;
  }

  #taskStep(place: Place, entry: TaskEntry, options: StepOptions, params: Uint8Array): Unit {
    const spec = {
      place,
      entry,
      module: this.#body.scope.code.moduleUrl(entry),
      params,
      options,
      idempotencyKey: idempotencyKey(this.#body.scope.host.id, place.key),
      failedBefore: this.#body.scope.past.failedAttempt(place.key),
      restarted: this.#body.scope.past.restarted(place.key),
      suspicions: this.#body.scope.past.suspicions(place.key),
    };
    return new TaskStep(spec, this.#body.host, this.#body.scope, (fact) => this.#body.issued.settled(fact));
  }

  #subflow(place: Place, entry: FlowEntry, options: StepOptions, params: Uint8Array): Unit {
    const open = (): Body => this.#body.open(entry, subflowPath(place.key));
    const onSettled = (fact: UnitSettled): void => this.#body.issued.settled(fact);
    return new SubflowUnit({ place, params, options, open, host: this.#body.host, onSettled });
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
