/**
 * Appends text to many files without ever waiting: text is collected per file and written in the background, a few
 * files at a time, each opened only for its write. Used by the file observer.
 */
import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";

const OPEN_AT_ONCE = 4;
const MAX_WAITING_CHARS = 16 * 1024 * 1024;

/** Files that grow. */
export class LogFiles {
  readonly #notice: (dropped: number) => string;
  #waiting = new Map<string, string[]>();
  /** How many texts each file has to do without, since it was written last. */
  #dropped = new Map<string, number>();
  #chars = 0;
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;
  readonly #folders = new Set<string>();

  /** @param notice What stands in a file in the place of so many texts that were dropped. */
  constructor(notice: (dropped: number) => string) {
    this.#notice = notice;
  }

  /**
   * Adds text to a file, which is created with its folder if need be. Text is dropped while more than 16 Mi characters
   * wait for the disk: a run never pays for a slow one, and the file says what it lacks.
   * @throws the error of an earlier write.
   */
  append(file: string, text: string): void {
    if (this.#failure) throw this.#failure;
    if (this.#chars > MAX_WAITING_CHARS) {
      this.#dropped.set(file, (this.#dropped.get(file) ?? 0) + 1);
      return;
    }
    const texts = this.#waiting.get(file);
    if (texts) texts.push(text);
    else this.#waiting.set(file, [text]);
    this.#chars += text.length;
    // One turn later, so that a burst becomes one write a file.
    this.#writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#drain());
  }

  /** Resolves when everything has been written. @throws the error of a write. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#failure) throw this.#failure;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting.size > 0) {
        for (const [file, count] of this.#dropped) {
          const texts = this.#waiting.get(file) ?? [];
          this.#waiting.set(file, [...texts, this.#notice(count)]);
        }
        this.#dropped.clear();
        const files = this.#waiting.entries();
        this.#waiting = new Map();
        this.#chars = 0;
        // The workers share one iterator: each takes the next file when it is free.
        await Promise.all(Array.from({ length: OPEN_AT_ONCE }, () => this.#work(files)));
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#writing = undefined;
    }
  }

  async #work(files: Iterator<[string, string[]]>): Promise<void> {
    for (let next = files.next(); !next.done; next = files.next()) {
      const [file, texts] = next.value;
      const folder = dirname(file);
      if (!this.#folders.has(folder)) {
        await mkdir(folder, { recursive: true });
        this.#folders.add(folder);
      }
      await appendFile(file, texts.join(""));
    }
  }
}
