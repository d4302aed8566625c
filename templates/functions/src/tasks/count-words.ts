/** A task works: it runs in a worker thread, may use any API, and its result is recorded once it has succeeded. */
import { readFile } from "node:fs/promises";
import { defineTask } from "millrace";

/** What a text consists of. */
export interface WordCount {
  readonly file: string;
  readonly words: number;
  readonly longest: string;
}

/** What `countWords` is called with. */
interface Text {
  /** Text file, relative to the folder that the process was started in. */
  readonly file: string;
  /** Words with fewer letters are not counted. */
  readonly shortest?: number;
}

export const countWords = defineTask({
  id: "CountWords",
  options: { retry: { attempts: 3, backoff: "exponential", delay: "200ms" }, timeout: "30s" },
  async run({ file, shortest = 1 }: Text, task): Promise<WordCount> {
    const text = await readFile(file, { encoding: "utf8", signal: task.signal });
    const words = (text.match(/\p{Letter}+/gu) ?? []).filter((word) => word.length >= shortest);
    task.log.info("%s has %d words", file, words.length);
    return {
      file,
      words: words.length,
      longest: words.reduce((longest, word) => (word.length > longest.length ? word : longest), ""),
    };
  },
});
