/** Lines of words, at most `room` columns wide; a word that is wider has a line of its own. */
import { textWidth } from "@millrace/core";

export function wrapWords(words: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
