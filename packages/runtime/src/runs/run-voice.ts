/** A run's voice: what observers and readers of its events hear, and the counts that go with it. */
import {
  decodeError,
  errorSummary,
  type RunEvent,
  type RunId,
  type StepRef,
  type StepSource,
  type StepTotals,
} from "@millrace/core";
import { EventStream } from "../events/event-stream.js";
import type { ObserverHub } from "../events/observer-hub.js";
import { StepStream } from "../events/step-stream.js";
import { type DraftEvent, type Place, type RunHost, refOf, type UnitSettled } from "../steps/unit.js";
import { Totals } from "./totals.js";

/** Tells the life of one run. */
export class RunVoice {
  readonly #id: RunId;
  readonly #clock: RunHost["clock"];
  readonly #observers: ObserverHub;
  readonly #totals = new Totals();
  readonly #streams = new Set<EventStream>();
  readonly #stepStreams = new Set<StepStream>();
  #ended = false;

  constructor(id: RunId, clock: RunHost["clock"], observers: ObserverHub) {
    this.#id = id;
    this.#clock = clock;
    this.#observers = observers;
  }

  /** Counts so far. */
  get totals(): StepTotals {
    return this.#totals.now();
  }

  /** A reader of what follows. */
  listen(): AsyncIterable<RunEvent> {
    const stream = new EventStream((left) => this.#streams.delete(left));
    if (this.#ended) stream.end();
    else this.#streams.add(stream);
    return stream;
  }

  /** A reader of what follows of the steps with a name: their key, node or task id. */
  listenTo(name: string): StepStream {
    const stream = new StepStream(name, (ended) => this.#stepStreams.delete(ended));
    if (this.#ended) stream.end();
    else this.#stepStreams.add(stream);
    return stream;
  }

  /** Tells readers of a chunk. */
  chunk(step: StepRef, attempt: number, bytes: Uint8Array): void {
    for (const stream of this.#stepStreams) stream.chunk(step, attempt, bytes);
  }

  get #heard(): boolean {
    return this.#streams.size > 0 || this.#stepStreams.size > 0 || this.#observers.watched;
  }

  /** Tells one event; nothing is made of it if nobody listens. */
  tell(event: DraftEvent): void {
    if (!this.#heard) return;
    // A draft is an event without its two stamps, which are added here.
    const whole = { ...event, run: this.#id, at: this.#clock.now() } as RunEvent;
    this.#observers.emit(whole);
    for (const stream of this.#streams) stream.push(whole);
    for (const stream of this.#stepStreams) stream.hear(whole);
  }

  /** Counts and tells a unit that settled in this life. */
  settled(fact: UnitSettled): void {
    this.#totals.add(fact.state, fact.source);
    this.#tellSettled(fact, fact.source);
  }

  /** Counts and tells a unit that is restored, and counts those that stand inside it. */
  restored(record: UnitSettled, place: Place, inside: readonly UnitSettled[]): void {
    for (const one of [record, ...inside]) this.#totals.add(one.state, "restored");
    if (this.#heard) this.#tellSettled({ ...record, ...place }, "restored");
  }

  /** Counts what an earlier life has settled, without a word. */
  count(records: readonly UnitSettled[]): void {
    for (const { state } of records) this.#totals.add(state, "restored");
  }

  /** Nothing more is told. */
  end(): void {
    this.#ended = true;
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
    for (const stream of this.#stepStreams) stream.end();
  }

  #tellSettled(fact: UnitSettled, source: StepSource): void {
    if (!this.#heard) return;
    this.tell({
      type: "step-settled",
      step: refOf(fact),
      state: fact.state,
      source,
      attempts: fact.attempts,
      durationMs: fact.endedAt - (fact.startedAt ?? fact.endedAt),
      ...(fact.error && fact.state === "failed" ? { error: errorSummary(decodeError(fact.error.read())) } : {}),
    });
  }
}
