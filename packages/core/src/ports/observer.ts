/**
 * Port: who watches. Observers receive events and nothing else; one that throws is reported and switched off.
 * Conformance: `observerConformance` of `millrace/testing/conformance`.
 */
import type { RunEvent } from "../run/events.js";

/** A watcher of all runs of an engine: logger, progress display, notifier. */
export interface Observer {
  /** For messages. */
  readonly name: string;
  /** Before the first event. */
  open?(): void | Promise<void>;
  /** Every event, in order, also of kinds that it does not know. Must not block, change the event, or answer with a promise. */
  on(event: RunEvent): void;
  /** After the last event; the engine's close waits for it. Once it resolves, nothing more is written: later events are ignored. */
  close?(): void | Promise<void>;
}
