/** A task works: it runs in a worker thread, may use any API, and its result is recorded once it has succeeded. */
import { readFile } from "node:fs/promises";
import { param, Task, task } from "millrace";

/** What a text consists of. */
export interface WordCount {
  readonly file: string;
  readonly words: number;
  readonly longest: string;
}

@task({ retry: { attempts: 3, backoff: "exponential", delay: "200ms" }, timeout: "30s" })
export class CountWords extends Task<WordCount> {
  /** Text file, relative to the folder that the process was started in. */
  @param() file!: string; // no initialiser: required
  /** Words with fewer letters are not counted. */
  @param() shortest = 1; // initialiser: optional, with that default

  async run(): Promise<WordCount> {
    const text = await readFile(this.file, { encoding: "utf8", signal: this.signal });
    const words = (text.match(/\p{Letter}+/gu) ?? []).filter((word) => word.length >= this.shortest);
    this.log.info("%s has %d words", this.file, words.length);
    return {
      file: this.file,
      words: words.length,
      longest: words.reduce((longest, word) => (word.length > longest.length ? word : longest), ""),
    };
  }
}
