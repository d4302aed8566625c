/** YAML or JSON text as data that knows where each part of it stands. */
import type { Span } from "@millrace/core";
import type { JobFinding } from "../yaml/findings.js";
import { parseFile } from "../yaml/parse-file.js";
import { plainValue, type Tree } from "../yaml/tree.js";
import { type Place, type ProjectIssue, throwIssues } from "./project-issue.js";

/** Names and indices that lead to a part. */
export type Path = readonly (string | number)[];

/** Data with places. */
export interface Source {
  readonly value: unknown;
  /** Where the key or item at a path stands, or the nearest thing around it; undefined for data that comes from no text. */
  placeOf(path: Path): Place | undefined;
}

/** So many values a project may hold: some hundred thousand tasks. */
const MAX_VALUES = 2_000_000;

/** YAML or JSON text, or the data itself. @throws what `refuse` does, see yamlSource. */
export function sourceOf(given: unknown, file: string, refuse?: Refusal): Source {
  return typeof given === "string" ? yamlSource(given, file, refuse) : { value: given, placeOf: () => undefined };
}

/** Throws if there are issues. */
export type Refusal = (issues: readonly ProjectIssue[]) => void;

/** @throws MillraceError `project-invalid` for what is no YAML, for keys given twice, and for what leads to what objects inherit. */
export function yamlSource(text: string, file: string, refuse: Refusal = throwIssues): Source {
  const findings: JobFinding[] = [];
  const tree = parseFile({ file, text }, (finding) => findings.push(finding), MAX_VALUES);
  refuse(findings.map(issueOf));
  return { value: tree && plainValue(tree), placeOf: (path) => tree && placeAt(spanAt(tree, path)) };
}

function issueOf({ message, span }: JobFinding): ProjectIssue {
  const [, reason] = /^This is no YAML of a job: (.*)$/s.exec(message) ?? [];
  const said = reason === undefined ? `cannot be read: ${message}` : `is no YAML: ${reason}`;
  return { path: "", message: said.replace(/\.$/, ""), place: placeAt(span) };
}

function placeAt({ file, line, column }: Span): Place {
  return { file, line, column };
}

function spanAt(root: Tree, path: Path): Span {
  let [tree, span]: [Tree, Span] = [root, root.span];
  for (const segment of path) {
    const field = tree.kind === "fields" ? tree.fields.get(String(segment)) : undefined;
    const item = tree.kind === "list" ? tree.items[Number(segment)] : undefined;
    if (field) [tree, span] = [field.value, field.key];
    else if (item) [tree, span] = [item, item.span];
    else return span;
  }
  return span;
}
