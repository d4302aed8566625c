/** `this.waitFor`. */
import { bytesInMemory, encodeError, formatDuration, MillraceError } from "@millrace/core";
import type { Mailbox } from "../../runs/mailbox.js";
import type { RunTimers } from "../../runs/run-timers.js";
import type { Waiting } from "../../steps/unit.js";
import { type DurableTimer, setTimer } from "./durable-timer.js";
import { MainUnit, type MainUnitSpec } from "./main-unit.js";

/** What a wait waits for. */
export interface WaitSpec {
  readonly name: string;
  readonly mailbox: Mailbox;
  readonly timers: RunTimers;
  /** Longest time, ms. */
  readonly timeoutMs: number | undefined;
  /** The end of that time on record, ms since 1970. */
  readonly recorded: number | undefined;
}

/** One wait. */
export class WaitUnit extends MainUnit {
  readonly #wait: WaitSpec;
  #timer: DurableTimer | undefined;
  #stopWaiting: (() => void) | undefined;

  constructor(spec: MainUnitSpec, wait: WaitSpec) {
    super("wait", spec);
    this.#wait = wait;
  }

  waiting(): readonly Waiting[] | undefined {
    if (!this.running) return undefined;
    const due = this.#timer?.due;
    const { name } = this.#wait;
    return [{ what: `a message "${name}"`, message: name, ...(due === undefined ? {} : { due }) }];
  }

  protected override begin(): void {
    const { host, place } = this;
    const { name, mailbox, timers, timeoutMs, recorded } = this.#wait;
    if (timeoutMs !== undefined) {
      this.#timer = setTimer({ host, timers, place, ms: timeoutMs, recorded, fire: () => this.#late(timeoutMs) });
    }
    this.#stopWaiting = mailbox.take({
      name,
      // A message that came after the time was up is not for this wait, though nobody was there to end it.
      until: this.#timer?.due,
      receive: ({ id, value }) => this.settle("succeeded", { value, message: id }),
    });
    // It may have been there already.
    if (!this.running) this.leave();
  }

  protected override leave(): void {
    this.#timer?.stop();
    this.#stopWaiting?.();
  }

  #late(timeoutMs: number): void {
    const { name } = this.#wait;
    const error = new MillraceError("wait-timeout", `No message "${name}" came within ${formatDuration(timeoutMs)}.`, {
      hint: `Send it with \`flow send ${this.host.id} ${name}\`, or catch this in the flow.`,
      data: { step: this.place.key, name },
    });
    this.settle("failed", { error: bytesInMemory(encodeError(error)) });
  }
}
