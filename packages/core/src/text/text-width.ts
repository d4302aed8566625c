/** How much room text takes on a terminal: colours take none, East Asian characters and emoji take two columns. */
import { stripVTControlCharacters } from "node:util";

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const ZERO = /\p{Mn}|\p{Me}|[\u200b-\u200d]|\ufe0f/u;

/** Columns of a text. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of stripVTControlCharacters(text)) columns += widthOf(char);
  return columns;
}

/** The text, cut with an ellipsis to at most `room` columns. Without colours. */
export function cutToWidth(text: string, room: number, ellipsis = "…"): string {
  if (columnsOf(text) <= room) return text;
  let out = "";
  let left = room - columnsOf(ellipsis);
  for (const char of text) {
    left -= widthOf(char);
    if (left < 0) break;
    out += char;
  }
  return out + ellipsis;
}

/** The text, followed by spaces up to `room` columns. */
export function padToWidth(text: string, room: number): string {
  return text + " ".repeat(Math.max(0, room - columnsOf(text)));
}

function widthOf(char: string): number {
  return ZERO.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
}
