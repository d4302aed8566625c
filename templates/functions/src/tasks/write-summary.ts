/** The second task: its parameter is the result of the first, for every file. */
import { defineTask } from "millrace";
import type { WordCount } from "./count-words.js";

export const writeSummary = defineTask({
  id: "WriteSummary",
  run({ counts }: { readonly counts: readonly WordCount[] }): string {
    const total = counts.reduce((sum, { words }) => sum + words, 0);
    const lines = counts.map(({ file, words, longest }) => `${file}: ${words} words, the longest is "${longest}"`);
    return [...lines, `${total} words in ${counts.length} files`].join("\n");
  },
});
