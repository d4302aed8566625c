/** A real worker thread that decodes what it gets, encodes it again and sends it back. Bytes are all that crosses. */
import { Worker } from "node:worker_threads";
import { canonicalHash, decodeValue, encodeValue } from "@millrace/core";
import { expect } from "vitest";
import { difference } from "./same-value.js";

type Answer = { readonly id: number; readonly bytes?: Uint8Array; readonly failure?: string };

/** The other side of a round trip. */
export class EchoThread {
  readonly #worker = new Worker(new URL("./echo-worker.mjs", import.meta.url));
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  constructor() {
    this.#worker.on("message", (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** The bytes that come back. */
  send(bytes: Uint8Array): Promise<Uint8Array> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (answer) => (answer.bytes ? resolve(answer.bytes) : reject(new Error(answer.failure))));
      this.#worker.postMessage({ id, bytes });
    });
  }

  /** Expects a value to come back as it was. Gives what came back. */
  async expectSurvival(value: unknown): Promise<unknown> {
    const bytes = encodeValue(value);
    const back = await this.send(bytes);
    const decoded = decodeValue(back);
    expect(difference(value, decoded)).toBeUndefined();
    expect(Buffer.compare(bytes, back), "encoding again gives the same bytes").toBe(0);
    expect(canonicalHash(decoded)).toBe(canonicalHash(value));
    return decoded;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
