/** What a command writes to one of its outputs: lines of the step's log, a text for the result, the end for an error. */
import { StringDecoder } from "node:string_decoder";
import type { LogLevel } from "@millrace/core";
import { LineAssembler } from "../../attempt/log-text.js";

/** Longest text, bytes. */
const MAX_TEXT = 64 * 1024;
/** Longest end, characters. */
const MAX_TAIL = 2_000;

/** One output. */
export class CommandOutput {
  readonly #log: (level: LogLevel, text: string) => void;
  readonly #level: LogLevel;
  readonly #lines = new LineAssembler();
  readonly #decoder = new StringDecoder("utf8");
  #chunks: Buffer[] | undefined = [];
  #bytes = 0;
  #tail = "";

  constructor({ log }: { log(level: LogLevel, text: string): void }, level: LogLevel) {
    this.#log = log;
    this.#level = level;
  }

  /** All of it; undefined if it is too long or no UTF-8. */
  get text(): string | undefined {
    if (!this.#chunks) return undefined;
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(this.#chunks));
    } catch {
      return undefined;
    }
  }

  /** The end of it. */
  get tail(): string {
    return this.#tail;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > MAX_TEXT) this.#chunks = undefined;
    this.#chunks?.push(chunk);
    this.#say(this.#decoder.write(chunk));
  }

  /** The last line may have no end. */
  end(): void {
    this.#say(this.#decoder.end());
    const rest = this.#lines.take();
    if (rest !== undefined) this.#log(this.#level, rest);
  }

  #say(text: string): void {
    this.#tail = (this.#tail + text).slice(-MAX_TAIL);
    const lines = this.#lines.add(text);
    if (lines !== undefined) this.#log(this.#level, lines);
  }
}
