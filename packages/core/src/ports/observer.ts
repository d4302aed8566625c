/** Port: who watches. Observers receive events and nothing else; one that throws is reported and switched off. */
import type { RunEvent } from "../run/events.js";

/** A watcher of all runs of an engine: logger, progress display, notifier. */
export interface Observer {
  /** For messages. */
  readonly name: string;
  /** Before the first event. */
  open?(): void | Promise<void>;
  /** Every event, in order. Must not block. */
  on(event: RunEvent): void;
  /** After the last event; the engine's close waits for it. */
  close?(): void | Promise<void>;
}
