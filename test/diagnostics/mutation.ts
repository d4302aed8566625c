/** What a mutation is: one change to one file of a project that was right, and the range that it changed. */
import type { Diagnostic } from "@millrace/core";

/** A generator of numbers from 0 to 1 (exclusive). */
export type Random = () => number;

/** A change to the text of one file. */
export interface Edit {
  /** Offsets in the old text: what goes. */
  readonly start: number;
  readonly end: number;
  /** What comes in its place. */
  readonly text: string;
  /**
   * Offsets in the new text: what was changed. Default: `text`. Where something only went, the smallest construct that it
   * went from, since nothing of it is left to point at.
   */
  readonly changed?: { readonly start: number; readonly end: number };
}

/** One way to break a project. */
export interface Mutator {
  readonly name: string;
  /** The files that it may change. */
  readonly files: RegExp;
  /** All changes that it could make to a file. */
  readonly edits: (text: string) => readonly Edit[];
}

/** A mutation that was made. */
export interface Mistake {
  readonly mutator: string;
  readonly file: string;
  readonly edit: Edit;
}

/** Where mistakes are made. */
export interface MutationGround {
  readonly mutators: readonly Mutator[];
  readonly files: readonly string[];
  read(file: string): string;
}

/** The mistake of a seed: mutators take turns, so that each has its share. */
export function mistakeOf(seed: number, { mutators, files, read }: MutationGround): Mistake {
  const mutator = mutators[seed % mutators.length] as Mutator;
  const choices = files
    .filter((file) => mutator.files.test(file))
    .flatMap((file) => mutator.edits(read(file)).map((edit) => ({ file, edit })));
  const chosen = pick(randomOf(seed), choices);
  if (!chosen) throw new Error(`"${mutator.name}" finds nothing to change`);
  return { mutator: mutator.name, ...chosen };
}

/** True if a diagnostic stands at the mistake. `text`: the file with it. */
export function overlaps(found: Diagnostic | undefined, { file, edit }: Mistake, text: string): boolean {
  if (found?.span.file !== file) return false;
  const start = offsetOf(text, found.span.line, found.span.column);
  const end = offsetOf(text, found.span.endLine, found.span.endColumn);
  const changed = changedRange(edit);
  return start < changed.end && end > changed.start;
}

/** Mulberry32, public domain. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of some things. */
export function pick<T>(random: Random, things: readonly T[]): T | undefined {
  return things[Math.floor(random() * things.length)];
}

/** A text with an edit made. */
export function applyEdit(text: string, edit: Edit): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

/** The range that an edit changed, in the new text. */
function changedRange(edit: Edit): { readonly start: number; readonly end: number } {
  return edit.changed ?? { start: edit.start, end: edit.start + edit.text.length };
}

/** Offset of a line and column that count from 1. */
function offsetOf(text: string, line: number, column: number): number {
  let offset = 0;
  for (let n = 1; n < line; n += 1) offset = text.indexOf("\n", offset) + 1;
  return offset + column - 1;
}
