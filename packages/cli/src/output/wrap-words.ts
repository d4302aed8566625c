/** Lines of words, at most `room` columns wide; a word that is wider has a line of its own. */
import { columnsOf } from "@millrace/core";

export function wrapWords(words: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(word) <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
