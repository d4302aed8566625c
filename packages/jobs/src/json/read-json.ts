/** The text of a JSON file as its value, or where it is none. */
import type { Diagnostic, Span } from "@millrace/core";
import { type JobFinding, jobDiagnostic } from "../yaml/findings.js";
import { type JobSource, parseFile } from "../yaml/parse-file.js";
import type { Tree } from "../yaml/tree.js";
import { jsonFault } from "./json-fault.js";
import { withoutMark } from "./without-mark.js";

const REMEDY = "Names and texts stand in double quotes, and there is no comma before a closing bracket.";

/** Reads it. A byte order mark is no part of the text. */
export function readJson(given: JobSource): { readonly value: unknown } | { readonly wrong: Diagnostic } {
  const source = { ...given, text: withoutMark(given.text) };
  const wrong = (span: Span, message: string, hint?: string): { readonly wrong: Diagnostic } => ({
    wrong: jobDiagnostic({ code: "job-invalid", span, message, ...(hint === undefined ? {} : { hint }) }),
  });
  let value: unknown;
  try {
    value = JSON.parse(source.text);
  } catch (error) {
    const { message } = error as Error;
    return wrong(placeOf(source, message), `This is no JSON: ${message}.`, REMEDY);
  }
  const fault = jsonFault(source.text);
  return fault ? wrong(spanAt(source, ...fault.at), fault.message, fault.hint) : { value };
}

/** What reads JSON tells the place of some mistakes, and of others what stands around; as YAML the text has places everywhere. */
function placeOf(source: JobSource, message: string): Span {
  const { text } = source;
  const offset = offsetIn(text, message);
  // A text that its line does not end was opened by the quote before.
  if (offset !== undefined && /^Bad control character/.test(message))
    return spanAt(source, text.lastIndexOf('"', offset));
  if (offset !== undefined) return spanAt(source, behindWhichLine(text, offset));
  const findings: JobFinding[] = [];
  const tree = parseFile(source, (finding) => findings.push(finding));
  const [first] = findings;
  return first?.span ?? (tree && oddIn(tree)) ?? spanAt(source, text.trimEnd().length - 1);
}

/** So many characters stand on each side of what was not expected. */
const AROUND = 10;

function offsetIn(text: string, message: string): number | undefined {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return Number(position);
  const [, cut, around] = /^Unexpected token '.+?', (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message) ?? [];
  const at = around === undefined ? -1 : text.indexOf(around);
  return at < 0 || cut === undefined ? undefined : at + AROUND;
}

/** What stands first in its line was not expected for what is missing behind the line before. */
function behindWhichLine(text: string, offset: number): number {
  const before = text.slice(0, offset);
  return /\n\s*$/.test(before) ? before.trimEnd().length - 1 : offset;
}

/** The first text without double quotes. */
function oddIn(tree: Tree): Span | undefined {
  if (tree.kind === "leaf")
    return tree.style === "literal" || (tree.style === "plain" && typeof tree.value === "string")
      ? tree.span
      : undefined;
  const children = tree.kind === "list" ? tree.items : [...tree.fields.values()].map(({ value }) => value);
  for (const child of children) {
    const found = oddIn(child);
    if (found) return found;
  }
  return undefined;
}

/** Of characters that stand in one line. */
function spanAt({ file, text }: JobSource, start: number, end: number = start + 1): Span {
  const before = text.slice(0, Math.max(start, 0)).split("\n");
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  return { file, line, column, endLine: line, endColumn: column + end - start };
}
