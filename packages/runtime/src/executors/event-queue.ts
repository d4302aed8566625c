/** Delivers the events of a lane in order and in batches, never from inside a call of the engine's. */
import { AsyncResource } from "node:async_hooks";
import type { LaneEvent } from "@millrace/core";

/** The events of one lane on their way to the engine. */
export class EventQueue {
  readonly #on: (events: readonly LaneEvent[]) => void;
  #events: LaneEvent[] = [];
  #scheduled = false;

  constructor(on: (events: readonly LaneEvent[]) => void) {
    // In the context of whoever opened the lane: an inline attempt must not find itself around the engine's code.
    this.#on = AsyncResource.bind(on);
  }

  /** Adds an event; it is delivered with its neighbours when the event loop turns, unless `deliver` comes first. */
  add(event: LaneEvent): void {
    this.#events.push(event);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.deliver();
    });
  }

  /** Delivers what is there at once: for callers that are no call of the engine's. */
  deliver(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#on(events);
  }
}
