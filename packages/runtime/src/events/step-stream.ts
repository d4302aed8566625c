/**
 * What one reader hears of the steps that it has asked for: their attempts, what they emit, their ends. Bounded: for a
 * reader that is too slow the oldest parts are dropped, and it is told how many.
 */
import { decodeValue, type RunEvent, type StepRef } from "@millrace/core";
import type { StreamPart } from "../api/stream-part.js";

/** Parts that wait for a reader at most. */
const MAX_PARTS = 1_000;
/** Bytes of the chunks among them at most. */
const MAX_BYTES = 16 << 20;

/** A chunk keeps its bytes until it is read: each reader gets a value of its own. */
interface EncodedChunk {
  readonly type: "chunk";
  readonly step: StepRef;
  readonly attempt: number;
  readonly bytes: Uint8Array;
}

type Heard = Exclude<StreamPart, { readonly type: "chunk" }> | EncodedChunk;

const DONE: IteratorReturnResult<undefined> = { value: undefined, done: true };

/** One reader. */
export class StepStream implements AsyncIterableIterator<StreamPart> {
  readonly #name: string;
  readonly #leave: (stream: StepStream) => void;
  #waiting: Heard[] = [];
  #bytes = 0;
  /** Parts that were dropped before the first that waits. */
  #dropped = 0;
  #ended = false;
  #readers: ((part: Heard | undefined) => void)[] = [];

  /**
   * @param name Key, node or task id of the steps.
   * @param leave Called once the reader hears no more.
   */
  constructor(name: string, leave: (stream: StepStream) => void) {
    this.#name = name;
    this.#leave = leave;
  }

  /** Takes an event of the run. */
  hear(event: RunEvent): void {
    if (event.type === "step-running" && this.#means(event.step)) {
      this.#take({ type: "began", step: event.step, attempt: event.attempt });
    } else if (event.type === "step-settled" && this.#means(event.step)) {
      this.#take({ type: "ended", step: event.step, state: event.state });
      // A key names one step; of a name others may follow.
      if (event.step.key === this.#name) this.end();
    }
  }

  /** Takes a chunk of a step. */
  chunk(step: StepRef, attempt: number, bytes: Uint8Array): void {
    if (this.#means(step)) this.#take({ type: "chunk", step, attempt, bytes });
  }

  /** No more follows. What waits can still be read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave(this);
    for (const answer of this.#readers.splice(0)) answer(undefined);
  }

  /** @throws MillraceError `value-unreadable` for a chunk with a registered class that this thread does not know. */
  async next(): Promise<IteratorResult<StreamPart>> {
    const part = this.#oldest() ?? (this.#ended ? undefined : await this.#following());
    return part ? { value: readPart(part), done: false } : DONE;
  }

  /** The reader stops: nothing is kept for it any more. */
  async return(): Promise<IteratorResult<StreamPart>> {
    this.end();
    this.#waiting = [];
    this.#dropped = 0;
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #means({ key, node, task }: StepRef): boolean {
    return !this.#ended && [key as string, node, task].includes(this.#name);
  }

  #take(part: Heard): void {
    const answer = this.#readers.shift();
    if (answer) return answer(part);
    this.#waiting.push(part);
    this.#bytes += sizeOf(part);
    while (this.#waiting.length > MAX_PARTS || this.#bytes > MAX_BYTES) {
      this.#shift();
      this.#dropped += 1;
    }
  }

  #oldest(): Heard | undefined {
    const parts = this.#dropped;
    if (parts === 0) return this.#shift();
    this.#dropped = 0;
    return { type: "dropped", parts };
  }

  #shift(): Heard | undefined {
    const part = this.#waiting.shift();
    if (part) this.#bytes -= sizeOf(part);
    return part;
  }

  #following(): Promise<Heard | undefined> {
    return new Promise((resolve) => this.#readers.push(resolve));
  }
}

function sizeOf(part: Heard): number {
  return part.type === "chunk" ? part.bytes.byteLength : 0;
}

function readPart(part: Heard): StreamPart {
  if (part.type !== "chunk") return part;
  const { type, step, attempt, bytes } = part;
  return { type, step, attempt, value: decodeValue(bytes) };
}
