/** Lines of words, at most `room` columns wide; a word that is wider has a line of its own. */
import { width } from "./text-width.js";

export function wrapWords(words: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
