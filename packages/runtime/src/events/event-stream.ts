/** One reader's view of a run's events: an async iterable with a bounded buffer that drops the oldest moments first. */
import type { RunEvent } from "@millrace/core";

const LIMIT = 10_000;

/** Events that may be dropped for a slow reader; all others are kept whatever their number. */
const MOMENTS: ReadonlySet<RunEvent["type"]> = new Set(["step-ready", "step-running", "progress", "log"]);

/** Buffers events until they are read. */
export class EventStream implements AsyncIterable<RunEvent> {
  #buffer: RunEvent[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  readonly #left: () => void;

  /** @param left Called when its reader has left, or has read the last event. */
  constructor(left: (stream: EventStream) => void) {
    this.#left = () => left(this);
  }

  /** Takes an event. */
  push(event: RunEvent): void {
    if (this.#buffer.length >= LIMIT) {
      const oldest = this.#buffer.findIndex((e) => MOMENTS.has(e.type));
      if (oldest >= 0) this.#buffer.splice(oldest, 1);
    }
    this.#buffer.push(event);
    this.#wake?.();
  }

  /** No more events follow. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<RunEvent> {
    try {
      for (;;) {
        const batch = this.#buffer;
        this.#buffer = [];
        yield* batch;
        if (this.#buffer.length > 0) continue;
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    } finally {
      this.#left();
    }
  }
}
