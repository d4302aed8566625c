/** The second task: its parameter is the result of the first, for every file. */
import { param, Task, task } from "millrace";
import type { WordCount } from "./count-words.js";

@task
export class WriteSummary extends Task<string> {
  @param() counts!: readonly WordCount[];

  run(): string {
    const total = this.counts.reduce((sum, { words }) => sum + words, 0);
    const lines = this.counts.map(({ file, words, longest }) => `${file}: ${words} words, the longest is "${longest}"`);
    return [...lines, `${total} words in ${this.counts.length} files`].join("\n");
  }
}
