/**
 * Keeps revealed secrets out of what leaves a thread. A text is looked for as it is and in the forms in which others write
 * it down: in URLs, JSON, base64, hexadecimal, and line by line if it has several. The thread's whole past counts, since
 * code may keep what one attempt has revealed for the next.
 */
import { inspect } from "node:util";
import { secretHome } from "./secret-home.js";

/** Lines of a longer secret that are looked for by themselves; shorter ones (`}`) stand in other texts, too. */
const MIN_LINE = 8;

const ASTERISK = 0x2a;

/** Remembers a text that must not leave the thread, and the words that stand in its place. */
export function rememberRevealed(text: string, words: string): void {
  if (secretHome.revealed.has(text)) return;
  for (const form of formsOf(text)) if (!secretHome.revealed.has(form)) secretHome.revealed.set(form, words);
}

/** True once anything was revealed in this thread. */
export function anythingRevealed(): boolean {
  return secretHome.revealed.size > 0;
}

/** The text with words in place of what was revealed in this thread. */
export function withoutRevealed(text: string): string {
  const { revealed } = secretHome;
  if (revealed.size === 0) return text;
  return text.replace(patternOf(revealed), (found) => revealed.get(found) ?? found);
}

/** The bytes with asterisks in place of what was revealed, in UTF-8 or UTF-16; the very same bytes where there is nothing. */
export function bytesWithoutRevealed(bytes: Uint8Array): Uint8Array {
  let copy: Buffer | undefined;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const form of secretHome.revealed.keys()) {
    for (const encoding of ["utf8", "utf16le"] as const) {
      const wanted = Buffer.from(form, encoding);
      for (let at = view.indexOf(wanted); at >= 0; at = view.indexOf(wanted, at + 1)) {
        copy ??= Buffer.from(view);
        copy.fill(ASTERISK, at, at + wanted.length);
      }
    }
  }
  return copy ?? bytes;
}

/** Everything that a text may be found as; the text first. */
function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const wellFormed = bytes.toString();
  const forms = [
    text,
    encodeURIComponent(wellFormed),
    encodeURI(wellFormed),
    new URLSearchParams({ "": text }).toString().slice(1),
    JSON.stringify(text).slice(1, -1),
    inspect(text, { breakLength: Number.POSITIVE_INFINITY }).slice(1, -1),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.length > 1 ? [...forms, ...lines.filter((line) => line.length >= MIN_LINE)] : forms;
}

let pattern: { readonly count: number; readonly text: RegExp } | undefined;

/** Finds the longest form wherever several begin. */
function patternOf(revealed: ReadonlyMap<string, string>): RegExp {
  // Forms are only ever added, so their number says whether the pattern is that of all of them.
  if (pattern?.count !== revealed.size) {
    const longestFirst = [...revealed.keys()].sort((a, b) => b.length - a.length);
    const text = new RegExp(longestFirst.map(escapeRegExp).join("|"), "g");
    pattern = { count: revealed.size, text };
  }
  return pattern.text;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
