/** The lines of one attempt on their way to its host: put together from raw writes, without secrets, capped. */
import type { LogLevel } from "@millrace/core";
import { withoutRevealed } from "@millrace/core/thread";
import { capLogText, LineAssembler } from "./log-text.js";

/** Output of one attempt. */
export class AttemptOutput {
  readonly #sink: (level: LogLevel, text: string) => void;
  #partial: Map<LogLevel, LineAssembler> | undefined;

  constructor(sink: (level: LogLevel, text: string) => void) {
    this.#sink = sink;
  }

  /** A whole line, or several. */
  log(level: LogLevel, text: string): void {
    // Before the cut, which would leave a part of a secret.
    this.#sink(level, capLogText(withoutRevealed(text)));
  }

  /** Raw output, which need not end with a line. */
  write(level: LogLevel, text: string): void {
    this.#partial ??= new Map();
    const lines = this.#partial.get(level) ?? new LineAssembler();
    this.#partial.set(level, lines);
    const whole = lines.add(text);
    if (whole !== undefined) this.log(level, whole);
  }

  /** Hands on what no line break has ended. */
  flush(): void {
    for (const [level, lines] of this.#partial ?? []) {
      const rest = lines.take();
      if (rest !== undefined) this.log(level, rest);
    }
  }
}
