/**
 * Everything that one body has issued: each unit's promise, its match in the record, and its way through the deliverer.
 * The body decides what a unit is; this decides when its promise settles.
 */
import {
  type AbortCause,
  type ActivationPath,
  bug,
  type Decision,
  decodeError,
  decodeValue,
  Ref,
  type StepKey,
  type StepRecords,
  type StoredBytes,
} from "@millrace/core";
import { currentFrame, type Frame } from "@millrace/sdk/internal";
import { asError } from "../../attempt/outcome.js";
import { Deliverer } from "../../delivery/deliverer.js";
import type { IssuedCall, RunScope } from "../../runs/run-scope.js";
import { type Place, type RunHost, stepsOf, type Unit, type UnitSettled, type Waiting } from "../../steps/unit.js";
import { blame } from "./blame.js";
import type { BranchUnits } from "./branches.js";
import { IssueWindow } from "./issue-window.js";
import { markHandled } from "./mark-handled.js";

/** What the issued units need of their body. */
export interface IssuedHost {
  readonly host: RunHost;
  readonly scope: RunScope;
  /** An outcome is about to reach the body: a result, or the error of what failed. */
  delivered(key: StepKey, fact: UnitSettled, outcome: unknown): void;
  /** Nothing is queued, and perhaps nothing can ever settle. */
  idle(): void;
}

/** One whose promise is open. A body may have thousands: one object each, and no closures. */
class Issued {
  readonly place: Place;
  /** It has its part of the window. */
  readonly isWork: boolean;
  /** Its result is handed on unread. */
  readonly asRef: boolean;
  /** The innermost frame around its call. */
  readonly frame: Frame | undefined = currentFrame();
  readonly promise: Promise<unknown>;
  /** Undefined while its outcome comes from the record. */
  unit: Unit | undefined;
  #resolve: (value: unknown) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(place: Place, { isWork, asRef }: Pick<IssuedCall, "isWork" | "asRef">) {
    this.place = place;
    this.isWork = isWork;
    this.asRef = asRef;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  succeed(value: unknown): void {
    this.#resolve(value);
  }

  /** The rejection counts as handled, awaited or not. */
  fail(error: unknown): void {
    markHandled(this.promise);
    this.#reject(error);
  }
}

/** A use of shared state. */
const UNCOUNTED = { isWork: false, asRef: false } as const;

/** So many node ids of the last calls are kept. */
const RECENT = 3;

/** The units of one body. */
export class IssuedUnits implements BranchUnits {
  readonly window: IssueWindow = new IssueWindow();
  readonly #body: IssuedHost;
  readonly #records: StepRecords<UnitSettled>;
  readonly #deliverer: Deliverer;
  readonly #live = new Map<StepKey, Issued>();
  /** Units that did not succeed, and whose body has not been told yet: each with the keys that its error names. */
  readonly #untold = new Map<StepKey, readonly StepKey[]>();
  #settledCount = 0;
  readonly #recent: string[] = [];
  readonly #onSettled = (fact: UnitSettled): void => this.settled(fact);

  /** @param path The body's. */
  constructor(path: ActivationPath, body: IssuedHost) {
    const { past } = body.scope;
    this.#body = body;
    const { records, decisions } = past.take(path);
    this.#records = decisions;
    this.#deliverer = new Deliverer(records, {
      firm: (record) => past.firm(record),
      diverged: (record) => body.scope.diverged(record),
      idle: () => body.idle(),
    });
  }

  /** True while recorded outcomes remain to be delivered. */
  get replaying(): boolean {
    return this.#deliverer.replaying;
  }

  /** Units settled so far, those inside sub-flows included. */
  get settledCount(): number {
    return this.#settledCount;
  }

  /** Units whose promises are open. */
  get liveCount(): number {
    return this.#live.size;
  }

  /** What the open units wait for, if none of them works and no outcome is on its way; undefined otherwise. */
  waiting(): readonly Waiting[] | undefined {
    const all: Waiting[] = [];
    for (const { unit } of this.#live.values()) {
      const waits = unit?.waiting?.();
      if (waits === undefined) return undefined;
      all.push(...waits);
    }
    return all.length === 0 ? undefined : all;
  }

  /** Where each unit stands that has begun or is held. */
  inFlight(): readonly string[] {
    return [...this.#live.values()].flatMap(({ unit }) => unit?.standing() ?? []);
  }

  /** Keys of units that are on record as failed or aborted, and whose body has not been told, with those inside. */
  get untold(): readonly StepKey[] {
    return [...this.#untold.values()].flat();
  }

  /** Node ids of the last calls. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  /** The body has run its first synchronous part. */
  begin(): void {
    this.#deliverer.begin();
  }

  /**
   * Issues a unit: from the record if it is there, else made and started (or held while a replay catches up). A rejection of its promise
   * counts as handled, awaited or not.
   */
  issue(call: IssuedCall, make: () => Unit): Promise<unknown> {
    const { place } = call;
    if (this.#recent.push(place.node) > RECENT) this.#recent.shift();
    const decision = this.#body.scope.decide(call, this.#records);
    return this.#issued(new Issued(place, call), decision, () => this.#body.scope.unit(place, make, this.#onSettled));
  }

  /** Issues what nobody plans or counts as a step: from the record if it is there, else made and started likewise. */
  use(place: Place, make: () => Unit): Promise<unknown> {
    return this.#issued(new Issued(place, UNCOUNTED), this.#records.decide(place, false), make);
  }

  #issued(issued: Issued, decision: Decision<UnitSettled>, make: () => Unit): Promise<unknown> {
    if (decision.verdict === "runs") issued.unit = make();
    this.#live.set(issued.place.key, issued);
    if (issued.isWork) this.window.issued();
    if (issued.unit) this.#deliverer.admit(issued.unit);
    else if (decision.verdict === "restored") this.#restore(decision.record, issued);
    return issued.promise;
  }

  /** Hands an outcome over to whoever waits for it. */
  #settle(issued: Issued, fact: UnitSettled): void {
    const { key } = issued.place;
    this.#live.delete(key);
    if (fact.state !== "succeeded") this.#untold.delete(key);
    let outcome: unknown;
    try {
      outcome = fact.state === "succeeded" ? fact.value && this.#given(fact.value, issued) : errorOf(fact);
    } catch (error) {
      // A damaged record is no failure of the step: a body that saw one might go another way for good.
      return this.#body.scope.lose(asError(error));
    }
    this.#body.delivered(key, fact, outcome);
    if (fact.state === "succeeded") issued.succeed(outcome);
    else issued.fail(outcome);
    if (issued.isWork) this.window.delivered();
  }

  /** A unit's settlement has been committed. */
  settled(fact: UnitSettled): void {
    this.#body.scope.settled(fact);
    this.#settledCount += stepsOf(fact);
    const issued = this.#live.get(fact.key);
    if (fact.state !== "succeeded") this.#untold.set(fact.key, namedBy(fact));
    if (issued && !fact.late) this.#deliverer.live(() => this.#settle(issued, fact));
    else this.#live.delete(fact.key);
  }

  abort(key: StepKey, message: string): readonly StepKey[] {
    const issued = this.#live.get(key);
    issued?.unit?.abort("body", message);
    return issued ? [key] : [];
  }

  abortInside(isIt: (frame: Frame) => boolean, message: string): readonly StepKey[] {
    const isInside = (frame: Frame | undefined): boolean =>
      frame !== undefined && (isIt(frame) || isInside(frame.parent));
    const inside = [...this.#live.values()].filter(({ frame }) => isInside(frame));
    for (const { unit } of inside) unit?.abort("body", message);
    return inside.map(({ place }) => place.key);
  }

  /** Ends deliveries, aborts what runs and waits until it is gone. What was held never begins. */
  async leave(cause: AbortCause, message: string): Promise<void> {
    const held = new Set(this.#deliverer.stop());
    const running: Unit[] = [];
    for (const { unit } of this.#live.values()) if (unit && !held.has(unit)) running.push(unit);
    for (const unit of running) unit.abort(cause, message);
    await Promise.all(running.map((unit) => unit.gone));
    this.#body.scope.orphans(this.#deliverer.orphans());
  }

  #restore(record: UnitSettled, issued: Issued): void {
    const { place } = issued;
    const { key, site, node, body } = place;
    const give = (): void => {
      this.#body.scope.restored(record, place);
      this.#settledCount += stepsOf(record);
      this.#settle(issued, record);
    };
    if (this.#body.scope.past.firm(record)) return this.#deliverer.ask(record, give);
    // The next life is to see the order and the keys of this one. Facts are committed in order: whatever comes of this
    // delivery is durable only after it.
    const move = (done: () => void): void =>
      this.#body.host.append({ kind: "record-moved", record: record.seq, key, site, node, body }, done);
    // Live, the record queues up where it stands among the facts of this life; a replay delivers in its own order.
    if (!this.#deliverer.replaying) return move(() => this.#deliverer.ask(record, give));
    this.#deliverer.ask(record, () => {
      move(() => {});
      give();
    });
  }

  #given(stored: StoredBytes, { asRef }: Issued): unknown {
    return asRef ? this.#refTo(stored) : decodeStored(stored);
  }

  /** What cannot be read when it is asked for ends the run, as a damaged record does. */
  #refTo(stored: StoredBytes): Ref {
    const decode = (): unknown => {
      try {
        return decodeStored(stored);
      } catch (error) {
        this.#body.scope.lose(asError(error));
        throw error;
      }
    };
    return Ref.to({ stored, decode });
  }
}

function decodeStored(stored: StoredBytes): unknown {
  return decodeValue(stored.read());
}

function errorOf(fact: UnitSettled): Error {
  const error = fact.error
    ? decodeError(fact.error.read())
    : bug(`${fact.node} ended without an error.`, { key: fact.key });
  return blame(error, namedBy(fact));
}

/** The unit, and the steps inside it that its error came from. */
function namedBy(fact: UnitSettled): readonly StepKey[] {
  return [fact.key, ...((fact.kind === "activation-settled" && fact.blamed) || [])];
}
