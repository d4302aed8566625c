/** Edits of texts by patterns: at the first group of a pattern that matched, unless said otherwise. */
import type { Edit } from "./mutation.js";

/** Offsets of the first group that matched. */
function groups(text: string, pattern: RegExp): readonly { start: number; end: number; inside: string }[] {
  return [...text.matchAll(new RegExp(pattern, `${pattern.flags}d`))].flatMap(({ indices }) => {
    const found = indices?.slice(1).find((range) => range !== undefined);
    return found ? [{ start: found[0], end: found[1], inside: text.slice(...found) }] : [];
  });
}

/** The second letter of a word goes. */
export function letterLost(text: string, pattern: RegExp): readonly Edit[] {
  return groups(text, pattern).map(({ start, end, inside }) => ({
    start,
    end,
    text: inside.slice(0, 1) + inside.slice(2),
  }));
}

/** Something else stands in the place of a group. */
export function replaced(text: string, pattern: RegExp, by: string): readonly Edit[] {
  return groups(text, pattern).map(({ start, end }) => ({ start, end, text: by }));
}

/** Something comes behind what matches. */
export function inserted(text: string, behind: RegExp, what: string): readonly Edit[] {
  return [...text.matchAll(behind)].map(({ index, 0: found }) => ({
    start: index + found.length,
    end: index + found.length,
    text: what,
  }));
}

/** What matches stands there twice. */
export function repeated(text: string, pattern: RegExp): readonly Edit[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    start: index + found.length,
    end: index + found.length,
    text: ` ${found}`,
  }));
}

/** A sign that goes; what is left of its line is what was changed. */
export function lost(text: string, pattern: RegExp): readonly Edit[] {
  return groups(text, pattern).map(({ start, end }) => {
    const line = text.lastIndexOf("\n", start) + 1;
    const length = (/.*/.exec(text.slice(line))?.[0].length ?? 1) - 1;
    return { start, end, text: "", changed: { start: line, end: line + length } };
  });
}

/** A line that goes: the entry of the task that it went from was changed. */
export function lineLost(text: string, pattern: RegExp): readonly Edit[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => {
    const start = text.slice(0, index).search(/\n {2}\w[^\n]*\n(?:(?! {2}\w)[^\n]*\n)*$/) + 1;
    const end = index + (text.slice(index + found.length).search(/^ {2}\w/m) + 1 || text.length) - 1;
    return { start: index, end: index + found.length, text: "", changed: { start, end } };
  });
}
