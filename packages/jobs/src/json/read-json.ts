/** The text of a JSON file as its value, or where it is none. */
import type { Diagnostic, Span } from "@millrace/core";
import { type JobFinding, jobDiagnostic } from "../yaml/findings.js";
import { type JobSource, parseFile } from "../yaml/parse-file.js";
import type { Tree } from "../yaml/tree.js";

/** Reads it. */
export function readJson(source: JobSource): { readonly value: unknown } | { readonly wrong: Diagnostic } {
  try {
    return { value: JSON.parse(source.text) as unknown };
  } catch (error) {
    const message = `This is no JSON: ${(error as Error).message}.`;
    const hint = "Names and texts stand in double quotes, and there is no comma before a closing bracket.";
    return {
      wrong: jobDiagnostic({ code: "job-invalid", span: placeOf(source, (error as Error).message), message, hint }),
    };
  }
}

/** What reads JSON tells the place of some mistakes, and of others what stands around; as YAML the text has places everywhere. */
function placeOf({ file, text }: JobSource, message: string): Span {
  const offset = offsetIn(text, message);
  if (offset !== undefined) return spanAt(file, text, behindWhichLine(text, offset));
  const findings: JobFinding[] = [];
  const tree = parseFile({ file, text }, (finding) => findings.push(finding));
  const [first] = findings;
  return first?.span ?? (tree && oddIn(tree)) ?? spanAt(file, text, text.trimEnd().length - 1);
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

function spanAt(file: string, text: string, offset: number): Span {
  const before = text.slice(0, Math.max(offset, 0)).split("\n");
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  return { file, line, column, endLine: line, endColumn: column + 1 };
}
