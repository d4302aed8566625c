/** What happens in the runs of an engine, for whoever listens to one of them. */
import { MillraceError, type Observer, type RunEvent, type RunId } from "@millrace/core";

/** Unread events that are kept for a listener. */
const MOST_UNREAD = 10_000;

/** So many events are missing here, since the listener was too slow. */
export interface EventsDropped {
  readonly type: "dropped";
  readonly events: number;
}

/** Observes an engine. */
export class RunFeed implements Observer {
  readonly name = "http";
  readonly #live = new Set<string>();
  readonly #listeners = new Map<string, Set<Listener>>();

  on(event: RunEvent): void {
    const { run, type } = event;
    const ends = type === "run-ended" || type === "run-suspended";
    if (ends) this.#live.delete(run);
    else if (type === "run-started" || type === "run-resumed") this.#live.add(run);
    for (const listener of this.#listeners.get(run) ?? []) {
      listener.hear(event);
      if (ends) listener.end();
    }
  }

  close(): void {
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.end();
  }

  /** True from its first fact to its end. */
  goesOn(run: string): boolean {
    return this.#live.has(run);
  }

  /** What happens in a run from now on; ends with it, or when nobody listens any more. @throws MillraceError `run-over` if it does not go on here. */
  of(run: string, signal: AbortSignal): AsyncIterable<RunEvent | EventsDropped> {
    if (!this.goesOn(run)) {
      throw new MillraceError("run-over", `Run ${run} does not go on in this process: nothing will happen in it.`, {
        hint: `GET /runs/${encodeURIComponent(run)} tells where it stands.`,
        data: { run },
      });
    }
    const listener = new Listener();
    const listeners = this.#listeners.get(run) ?? new Set();
    this.#listeners.set(run, listeners.add(listener));
    signal.addEventListener("abort", () => listener.end(), { once: true });
    return this.#events(run as RunId, listener);
  }

  async *#events(run: RunId, listener: Listener): AsyncGenerator<RunEvent | EventsDropped> {
    try {
      yield* listener.events();
    } finally {
      const listeners = this.#listeners.get(run);
      listeners?.delete(listener);
      if (listeners?.size === 0) this.#listeners.delete(run);
    }
  }
}

class Listener {
  #unread: RunEvent[] = [];
  #dropped = 0;
  #ended = false;
  #wake: () => void = () => {};

  hear(event: RunEvent): void {
    if (this.#unread.length < MOST_UNREAD) this.#unread.push(event);
    else this.#dropped += 1;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *events(): AsyncGenerator<RunEvent | EventsDropped> {
    for (;;) {
      const unread = this.#unread;
      this.#unread = [];
      yield* unread;
      const events = this.#dropped;
      this.#dropped = 0;
      if (events > 0) yield { type: "dropped", events };
      if (this.#unread.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
