/** Reads what is added to a file that somebody else writes. */
import { open } from "node:fs/promises";

const CHUNK = 64 * 1024;

/** One file, from its start. It need not be there yet. */
export class FileTail {
  readonly #path: string;
  readonly #take: (chunk: Buffer) => void;
  #position = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(path: string, take: (chunk: Buffer) => void) {
    this.#path = path;
    this.#take = take;
  }

  /** Hands over what has been added. Calls wait for each other. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#readOn());
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    const file = await open(this.#path).catch(() => undefined);
    if (!file) return;
    try {
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, this.#position);
        if (bytesRead === 0) return;
        this.#position += bytesRead;
        this.#take(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  }
}
