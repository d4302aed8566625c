/**
 * The life of a body whose units are told by data, until its end: it ends once, by itself, by an error of its own or from outside, and in the
 * last two cases after all that it has issued. Graphs and rules have one.
 */
import type { AbortCause } from "@millrace/core";
import { latch } from "../../runs/latch.js";
import type { BodyEnd } from "../../runs/run-scope.js";
import type { RunHost } from "../../steps/unit.js";
import { bodyHost } from "../body-host.js";
import { LiveUnits } from "./live-units.js";

/** The life of one body. `Known`: what it knows of each of its units. */
export class BodyLife<Known> {
  /** What it has issued. */
  readonly units: LiveUnits<Known> = new LiveUnits();
  /** Where its units append. */
  readonly host: RunHost;
  readonly #end = latch<BodyEnd>();
  #closed = false;
  #leaving: Promise<void> | undefined;
  /** It was frozen, and its run goes on without it. */
  #late = false;

  constructor(run: RunHost) {
    this.host = bodyHost(run, () => this.#late);
  }

  /** Nothing is taken in any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when it has ended. */
  get ended(): Promise<BodyEnd> {
    return this.#end.promise;
  }

  /** All of it is over. */
  end(end: BodyEnd): void {
    this.#closed = true;
    this.#end.resolve(end);
  }

  /** It cannot go on. @param end Asked for when all that it has issued has ended. */
  fail(message: string, end: () => BodyEnd): void {
    if (!this.#closed) void this.#leave("body", message, end);
  }

  /** It is ended from outside. Resolves when all that it has issued has ended. */
  async freeze(cause: AbortCause, message: string): Promise<void> {
    if (this.#closed) return this.#leaving;
    this.#late = cause === "body";
    return this.#leave(cause, message, () => ({ state: "aborted", message }));
  }

  #leave(cause: AbortCause, message: string, end: () => BodyEnd): Promise<void> {
    this.#closed = true;
    this.#leaving = this.units.abort(cause, message).then(() => this.#end.resolve(end()));
    return this.#leaving;
  }
}
