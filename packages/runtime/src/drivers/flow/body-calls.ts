/** What the code of one body can ask for: each call becomes a unit with a place, or the error of its own promise. */
import {
  canonicalHash,
  checkOptions,
  durationMs,
  encodeFor,
  type FlowEntry,
  hashFor,
  MillraceError,
  mergeOptions,
  type Ref,
  type StepKey,
  type StepOptions,
  type TaskEntry,
} from "@millrace/core";
import type { Outcome } from "@millrace/sdk";
import type {
  CallRequest,
  FlowBinding,
  LocalStepRequest,
  MapRequest,
  SleepRequest,
  WaitRequest,
} from "@millrace/sdk/internal";
import { checkParams } from "../../runs/check-params.js";
import { definedOnly } from "../../runs/defined-only.js";
import type { Body, IssuedCall } from "../../runs/run-scope.js";
import { cacheTtl } from "../../steps/task-step-spec.js";
import type { Place, Unit, UnitSettled } from "../../steps/unit.js";
import { type TaskCall, taskStepIn, taskWork } from "../task-step-in.js";
import { Branches } from "./branches.js";
import type { CallingBody } from "./calling-body.js";
import { FlowMap } from "./flow-map.js";
import { guardCall } from "./guard-call.js";
import { LocalStep } from "./local-step.js";
import type { MainUnitSpec } from "./main-unit.js";
import { markHandled } from "./mark-handled.js";
import { successful, unsuccessful } from "./outcome.js";
import { allOf, type End, raceOf } from "./settle-together.js";
import { SleepUnit } from "./sleep-unit.js";
import { type SubflowSpec, SubflowUnit } from "./subflow-unit.js";
import { WaitUnit } from "./wait-unit.js";

/** What a flow's code can call. */
type FlowCalls = Pick<
  FlowBinding,
  "call" | "ref" | "attempt" | "background" | "step" | "sleep" | "waitFor" | "map" | "all" | "race"
>;

/** A call whose record serves at its own site only. */
function hereAlone(place: Place): IssuedCall {
  return { place, anySite: false, isWork: false, asRef: false, given: {}, sharedTtlMs: undefined, opens: undefined };
}

/** The calls of one body. */
export class BodyCalls implements FlowCalls {
  readonly #body: CallingBody;
  readonly #branches: Branches;

  readonly #onSettled = (fact: UnitSettled): void => this.#body.issued.settled(fact);

  constructor(body: CallingBody) {
    this.#body = body;
    this.#branches = new Branches(body.issued);
  }

  call(request: CallRequest): Promise<unknown> {
    return guardCall(this.#body, () => this.#call(request).promise);
  }

  ref(request: CallRequest): Promise<unknown> {
    return guardCall(this.#body, () => this.#call(request, { asRef: true }).promise);
  }

  attempt(request: CallRequest): Promise<Outcome<unknown>> {
    return guardCall(this.#body, () => {
      const { key, promise } = this.#call(request);
      return this.#branches.began(promise.then(successful, unsuccessful), key);
    });
  }

  background(request: CallRequest): Promise<unknown> {
    return guardCall(this.#body, () => {
      const entry = this.#body.scope.code.resolve(request.target);
      if (entry.kind === "task") return this.#call(request, { beside: true }).promise;
      throw new MillraceError("flow-misuse", `this.background was given the flow ${entry.id}.`, {
        hint: "Give it a task: a flow has no thread to run in beside this one.",
        data: { flow: this.#body.entry.id, target: entry.id },
      });
    });
  }

  step(request: LocalStepRequest): Promise<unknown> {
    return guardCall(this.#body, () => {
      const callee = `step:${request.name}`;
      // Its code is part of the body: what the body calls as steps cannot change it.
      const { body, hash } = this.#body.entry.fingerprint;
      const identity = { task: callee, version: "", fingerprint: body ?? hash, params: "" };
      const place = this.#body.places.of({ stamped: request.site, callee, task: request.name, identity, given: {} });
      return this.#issue(hereAlone(place), () => new LocalStep(this.#mainUnit(place), request.fn));
    });
  }

  sleep(request: SleepRequest): Promise<unknown> {
    return guardCall(this.#body, () => {
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
      return this.#issue(hereAlone(place), make);
    });
  }

  waitFor({ name, options, site }: WaitRequest): Promise<unknown> {
    return guardCall(this.#body, () => {
      const { timeout } = options;
      const timeoutMs =
        timeout === undefined ? undefined : durationMs(timeout, `The timeout of the wait for "${name}"`);
      const callee = `wait:${name}`;
      const identity = { task: callee, version: "", fingerprint: "", params: "" };
      const place = this.#body.places.of({ stamped: site, callee, task: name, identity, given: {} });
      const { mailbox, timers, past } = this.#body.scope;
      const make = (): Unit =>
        new WaitUnit(this.#mainUnit(place), { name, mailbox, timers, timeoutMs, recorded: past.timer(place.key) });
      return this.#issue(hereAlone(place), make);
    });
  }

  map(request: MapRequest): Promise<unknown[]> {
    return guardCall(this.#body, () => {
      const { site, key, execution, node, name } = this.#body.places.ofMap(request.site);
      const map = new FlowMap(request, {
        site,
        execution,
        started: (total) => {
          if (node !== undefined) this.#body.conformance?.beginMap(node, total);
          this.#body.host.emit({ type: "map-started", node: name, key, total });
        },
        abort: (message) => this.#branches.endItems(execution, message),
        window: this.#body.issued.window,
      });
      const results = map.run();
      markHandled(results);
      return this.#branches.began(results, (message) => map.end(message));
    });
  }

  all(entrants: readonly unknown[]): Promise<unknown[]> {
    return this.#together(entrants, allOf);
  }

  race(entrants: readonly unknown[]): Promise<unknown> {
    return this.#together(entrants, raceOf);
  }

  #together<T>(
    promises: readonly unknown[],
    settle: (promises: readonly unknown[], end: End) => Promise<T>,
  ): Promise<T> {
    return guardCall(this.#body, () => {
      const settled = settle(promises, (promise, message) => this.#branches.end(promise, message));
      markHandled(settled);
      return this.#branches.began(settled, (message) => promises.flatMap((one) => this.#branches.end(one, message)));
    });
  }

  #issue(call: IssuedCall, make: () => Unit): Promise<unknown> {
    return this.#branches.began(this.#body.issued.issue(call, make), call.place.key);
  }

  /** @param how `beside`: the body does not wait for it; `asRef`: what it gives is handed on unread. The record is the same for all. */
  #call(
    request: CallRequest,
    { beside = false, asRef = false }: { readonly beside?: boolean; readonly asRef?: boolean } = {},
  ): { readonly key: StepKey; readonly promise: Promise<unknown> } {
    const entry = this.#body.scope.code.resolve(request.target);
    const options = optionsOf(entry, request.options);
    const given = definedOnly(request.params);
    checkParams(entry, request.params, this.#body.scope.code.callSchema(entry, request.site));
    const owner = `a call of ${entry.id} by ${this.#body.entry.id}`;
    const identity = {
      task: entry.id,
      version: options.version ?? "",
      fingerprint: entry.fingerprint.hash,
      params: hashFor(owner, "params", given),
    };
    const place = this.#body.places.of({ stamped: request.site, callee: entry.id, task: entry.id, identity, given });
    // Called at once or never: what is restored needs no bytes.
    const make = (): Unit => {
      const refs: Ref[] = [];
      const params = encodeFor(owner, "params", given, refs);
      return entry.kind === "task"
        ? this.#taskStep({ place, work: taskWork(entry, this.#body.scope.code), options, params, refs, beside })
        : this.#subflow({ place, options, params, refs }, entry);
    };
    const sharedTtlMs = cacheTtl(options);
    const anySite = options.pure === true || sharedTtlMs !== undefined;
    const isWork = entry.kind === "task" && !beside;
    const opens = entry.kind === "flow" ? { flow: entry.id } : undefined;
    return { key: place.key, promise: this.#issue({ place, anySite, isWork, asRef, given, sharedTtlMs, opens }, make) };
  }

  #mainUnit(place: Place): MainUnitSpec {
    return { place, host: this.#body.host, onSettled: this.#onSettled };
  }

  #taskStep(call: Omit<TaskCall, "ahead">): Unit {
    const { scope, host, ahead } = this.#body;
    const { place, work, options, params, refs, beside } = call;
    const left = beside ? 0 : ahead.from(place.node);
    return taskStepIn(
      { scope, host, onSettled: this.#onSettled },
      { place, work, options, params, refs, beside, ahead: left },
    );
  }

  #subflow(call: Pick<SubflowSpec, "place" | "options" | "params" | "refs">, entry: FlowEntry): Unit {
    const { key, node } = call.place;
    const open = (): Body => this.#body.open(entry, call.place, () => this.#body.ahead.afterSubflow(node, entry.id));
    const { past } = this.#body.scope;
    const spent = (now: number): number | undefined => past.spentIn(key, now);
    return new SubflowUnit({ ...call, open, spent, host: this.#body.host, onSettled: this.#onSettled });
  }
}

function optionsOf(entry: TaskEntry | FlowEntry, given: StepOptions): StepOptions {
  if (Object.keys(given).length === 0) return entry.options;
  const issues = checkOptions(given, entry.kind);
  if (issues.length === 0) return mergeOptions(entry.options, given);
  const list = issues.map((issue) => `${issue.path} ${issue.message}`).join("; ");
  throw new MillraceError("invalid-options", `The options of a call of ${entry.id} cannot be used: ${list}.`, {
    hint: "Correct the options of this.call; `flow check` finds those that are literals before anything runs.",
    data: { flow: entry.id, issues },
  });
}
