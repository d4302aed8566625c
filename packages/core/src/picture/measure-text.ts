/**
 * How wide text gets, without a browser: a table of the widest advance of each character among the fonts of the stack.
 * Generous, so that text fits whichever of them the viewer has. Not for terminals.
 */

/** Fonts of a picture, by name: a picture loads none. Each of them, and its substitutes, was measured for the tables. */
export const FONT_STACK = '"Segoe UI", "Helvetica Neue", Arial, Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

/** A size of text in a picture, in pixels. */
export interface Font {
  readonly size: number;
  readonly bold: boolean;
  /** Distance from one line to the next. */
  readonly line: number;
}

/** Name of a size of text. */
export type FontName = "heading" | "title" | "caption" | "note";

/** The sizes of text that pictures use. */
export const FONTS: Readonly<Record<FontName, Font>> = {
  heading: { size: 20, bold: true, line: 28 },
  title: { size: 14, bold: true, line: 19 },
  caption: { size: 12, bold: true, line: 17 },
  note: { size: 12, bold: false, line: 16 },
};

/** Advances of U+0020 to U+007E in thousandths of the size; the widest of Arial, Roboto, Noto Sans, Inter and DejaVu Sans. */
const REGULAR = [
  318, 401, 460, 838, 638, 950, 780, 275, 390, 390, 551, 838, 318, 460, 318, 413, 636, 636, 636, 636, 642, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 556, 1015, 684, 686, 727, 770, 667, 611, 778, 752, 339, 552, 667, 562, 907,
  760, 787, 667, 787, 722, 667, 642, 741, 684, 989, 685, 667, 685, 390, 411, 390, 838, 556, 500, 613, 635, 558, 635,
  615, 361, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 413, 523, 392, 634, 592, 818, 592, 592, 541, 636,
  551, 636, 838,
];
const BOLD = [
  348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 545, 838, 380, 466, 380, 413, 696, 696, 696, 696, 696, 696, 696,
  696, 696, 696, 400, 400, 838, 838, 838, 611, 1000, 774, 762, 744, 830, 683, 683, 821, 837, 389, 561, 775, 637, 995,
  837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 422, 457, 838, 556, 500, 675, 716, 593, 716,
  678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
  551, 712, 838,
];
const FIRST = 0x20;
/** Letters of other alphabets, arrows and signs; and what is drawn in a square. */
const OTHER = 900;
const SQUARE = 1000;
const EMOJI = 1400;

const IS_EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const IS_SQUARE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;
const IS_NARROW_LETTER = /\p{Script=Latin}|\p{Script=Arabic}|\p{Script=Hebrew}|[·–]/u;
const HAS_NO_WIDTH = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200f]|\ufe0e|\ufe0f)$/u;

const WORD_BREAK = /(?<=\p{Ll})(?=\p{Lu})|(?<=[._/:-])/u;
let segmenter: Intl.Segmenter | undefined;

/** Width of one line of text, in pixels. */
export function textWidth(text: string, font: Font): number {
  let thousandths = 0;
  for (const character of charactersOf(text)) thousandths += advance(character, font);
  return (thousandths * font.size) / 1000;
}

/** The text, cut with an ellipsis to at most `room` pixels. Never cuts inside what is read as one character. */
export function cutText(text: string, font: Font, room: number): string {
  let kept = "";
  let left = (room * 1000) / font.size;
  const ellipsis = advance("…", font);
  let fitting = "";
  for (const character of charactersOf(text)) {
    left -= advance(character, font);
    if (left < 0) return `${fitting}…`;
    kept += character;
    if (left >= ellipsis) fitting = kept;
  }
  return kept;
}

/**
 * The text in at most `lines` lines of `room` pixels; the last line is cut. Lines break at blanks, and inside a word that
 * is too long for a line: before its capitals and after its signs.
 */
export function wrapText(
  text: string,
  font: Font,
  { room, lines }: { readonly room: number; readonly lines: number },
): readonly string[] {
  const wrapped: string[] = [];
  let line = "";
  const pieces = text.split(" ").flatMap((word, i) => {
    const [first = "", ...rest] = textWidth(word, font) > room ? word.split(WORD_BREAK) : [word];
    return [i === 0 ? first : ` ${first}`, ...rest];
  });
  for (const [i, piece] of pieces.entries()) {
    if (line === "" || textWidth(line + piece, font) <= room) {
      line += piece;
      continue;
    }
    if (wrapped.length === lines - 1) {
      line += pieces.slice(i).join("");
      break;
    }
    wrapped.push(line);
    line = piece.trimStart();
  }
  return [...wrapped, line].map((each) => cutText(each, font, room));
}

/** What is read as characters. Splitting plain text that way takes long, and so does getting ready for it. */
function charactersOf(text: string): Iterable<string> {
  if (/^[ -~]*$/.test(text)) return text;
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function advance(character: string, font: Font): number {
  const code = character.codePointAt(0) ?? 0;
  const known = (font.bold ? BOLD : REGULAR)[code - FIRST];
  if (known !== undefined && character.length === 1) return known;
  if (IS_EMOJI.test(character)) return EMOJI;
  if (IS_SQUARE.test(character)) return SQUARE;
  if (HAS_NO_WIDTH.test(character)) return 0;
  // A cluster of a letter and its marks is as wide as the letter; of letters that join, as all of them at most.
  const letters = [...character].filter((c) => !HAS_NO_WIDTH.test(c)).length;
  return letters * (IS_NARROW_LETTER.test(character) ? 750 : OTHER + (font.bold ? 330 : 130));
}
