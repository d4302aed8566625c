/** The live display of a terminal: counts and running steps at the bottom, log lines above. Plain lines where there is no terminal. */
import type { Observer } from "@millrace/core";
import { consoleObserver, RunTally } from "@millrace/runtime";
import type { createLogUpdate } from "log-update";
import { progressFrame } from "./progress-frame.js";
import { colorsFor } from "./streams.js";

/** Where the display stands. */
export interface ProgressObserverOptions {
  /** Default: the process's stderr. */
  readonly stream?: NodeJS.WriteStream;
}

/** A display that others may speak through: what is written past it would tear it. */
export interface ProgressObserver extends Observer {
  /** Says a line of the caller's own, above the display. */
  say(text: string): void;
}

const REDRAW_MS = 100;

/** Shows the runs of an engine one at a time: the one that began last. */
export function progressObserver(options: ProgressObserverOptions = {}): ProgressObserver {
  const { stream = process.stderr } = options;
  const colors = colorsFor(stream);
  if (stream.isTTY && process.env.TERM !== "dumb") return new TerminalDisplay(stream, colors);
  const plain = consoleObserver({ stream, color: colors.isColorSupported });
  return { ...plain, say: (text) => stream.write(`${text}\n`) };
}

interface ShownRun {
  readonly flow: string;
  readonly run: string;
  readonly tally: RunTally;
}

class TerminalDisplay implements ProgressObserver {
  readonly name = "progress";
  readonly #stream: NodeJS.WriteStream;
  readonly #colors: ReturnType<typeof colorsFor>;
  /** Loaded when it is opened: where there is no terminal nobody needs its twenty modules. */
  #update: ReturnType<typeof createLogUpdate> | undefined;
  /** The console observer finds the words for the lines above the display. */
  readonly #words: Observer;
  #above = "";
  #shown: ShownRun | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(stream: NodeJS.WriteStream, colors: ReturnType<typeof colorsFor>) {
    this.#stream = stream;
    this.#colors = colors;
    this.#words = consoleObserver({
      stream: {
        write: (text) => {
          this.#above += text;
        },
      },
      color: colors.isColorSupported,
      successes: "none",
    });
  }

  async open(): Promise<void> {
    const { createLogUpdate } = await import("log-update");
    this.#update = createLogUpdate(this.#stream);
  }

  on(event: Parameters<Observer["on"]>[0]): void {
    if (this.#closed) return;
    this.#words.on(event);
    if (event.type === "run-started" || event.type === "run-resumed") {
      this.#shown = { flow: event.flow, run: event.run, tally: new RunTally() };
      // Time passes also when nothing happens, so the display is redrawn by the clock, not by events.
      this.#timer ??= setInterval(() => this.#draw(), REDRAW_MS).unref();
    }
    if (this.#shown?.run !== event.run) return;
    this.#shown.tally.apply(event);
    if (event.type === "run-ended" || event.type === "run-suspended") {
      this.#shown = undefined;
      this.#stop();
    }
  }

  say(text: string): void {
    this.#above += `${text}\n`;
    this.#draw();
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #draw(): void {
    if (!this.#update) return;
    if (this.#above !== "") {
      this.#update.clear();
      this.#stream.write(this.#above);
      this.#above = "";
    }
    if (!this.#shown) return;
    const { columns = 80, rows = 24 } = this.#stream;
    const frame = progressFrame({ ...this.#shown, now: Date.now(), columns, rows, colors: this.#colors });
    this.#update(frame.join("\n"));
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#update?.clear();
    if (this.#above !== "") this.#stream.write(this.#above);
    this.#above = "";
    this.#update?.done();
  }
}
