/** Collects what a channel has to say and sends it in batches: at once when asked to, else when the event loop turns. */

import type { MessagePort } from "node:worker_threads";
import type { JobOutcome, SharedAsk } from "@millrace/core";
import { WIRE } from "../wire/brand.js";
import { FrameWriter } from "../wire/frame.js";
import { framed } from "../wire/framed.js";
import type { FromThread, WireChunk, WireEvent, WireOutcome, WireSettled } from "../wire/from-thread.js";
import { toWire } from "../wire/large-value.js";

/** An outcome or chunk is sent at once if so many bytes wait. */
const MAX_WAITING_BYTES = 1 << 20;

/** Lines, progress and chunks are sent at once if nothing was for so long, ms: a step that blocks next has still been heard. */
const QUIET_MS = 1;

/** Everything of a settled event but its outcome. */
export type Settling = Omit<WireSettled, "type" | "outcome">;

/** The thread's way out. */
export class Outbox {
  readonly #port: MessagePort;
  readonly #frame = new FrameWriter();
  #events: WireEvent[] = [];
  #scheduled = false;
  #sentAt = 0;
  #closed = false;
  /** Called when the event loop turns, before the batch is sent. */
  readonly #beforeTurn: () => void;

  constructor(port: MessagePort, beforeTurn: () => void) {
    this.#port = port;
    this.#beforeTurn = beforeTurn;
  }

  /** Says that the channel is open. */
  hello(): void {
    this.#post({ wire: WIRE, type: "hello" });
  }

  /** Says that the thread holds a resource. */
  holding(): void {
    if (!this.#closed) this.#post({ wire: WIRE, type: "holding" });
  }

  /** Says that the thread should be replaced, after all that was to be said. */
  worn(): void {
    if (this.#closed) return;
    this.flush();
    this.#post({ wire: WIRE, type: "worn" });
  }

  /** Adds an event to the next batch; false if the channel is closed. */
  add(event: Exclude<WireEvent, WireSettled | WireChunk>): boolean {
    if (this.#closed) return false;
    this.#events.push(event);
    this.#sendSoon();
    return true;
  }

  /** Sends a question at once, with what was to be said before: the attempt waits for the answer. */
  ask(id: number, request: number, ask: SharedAsk): void {
    if (this.#closed) return;
    this.#events.push({ type: "shared", id, request, ask: framed(ask, this.#frame) });
    this.flush();
  }

  /** Adds a chunk to the next batch; it is dropped if the channel is closed. */
  chunk(id: number, value: Uint8Array): void {
    if (this.#closed) return;
    this.#events.push({ type: "chunk", id, value: this.#frame.add(value) });
    this.#sendSoon();
  }

  /** Adds the end of an attempt to the next batch. */
  settle(settling: Settling, outcome: JobOutcome): void {
    this.#events.push({ type: "settled", ...settling, outcome: this.#framed(outcome) });
    if (this.#frame.size > MAX_WAITING_BYTES) this.flush();
    else this.schedule();
  }

  #sendSoon(): void {
    if (this.#frame.size > MAX_WAITING_BYTES || performance.now() - this.#sentAt > QUIET_MS) this.flush();
    else this.schedule();
  }

  /** Makes sure that a batch is sent when the event loop turns. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#closed) return;
      this.#beforeTurn();
      this.flush();
    });
  }

  /** Sends what is there now: it leaves the thread even if user code blocks right after. */
  flush(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#sentAt = performance.now();
    if (this.#frame.size === 0) return this.#post({ wire: WIRE, type: "events", events });
    const frame = this.#frame.take();
    this.#post({ wire: WIRE, type: "events", events, frame }, [frame]);
  }

  /** Sends the rest; what is added later is refused. */
  close(): void {
    this.flush();
    this.#closed = true;
  }

  #framed(outcome: JobOutcome): WireOutcome {
    switch (outcome.type) {
      case "succeeded": {
        const { type, shared } = outcome;
        const value = toWire(outcome.value, this.#frame);
        return { type, value, ...(shared ? { shared: shared.map((write) => framed(write, this.#frame)) } : {}) };
      }
      case "failed":
      case "aborted":
        return { ...outcome, error: this.#frame.add(outcome.error) };
    }
  }

  #post(message: FromThread, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
