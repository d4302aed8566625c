/** Findings about a document in JSON, at the places of its file: paths of issues (`nodes[3].params.city`) are looked up in the text. */
import type { Diagnostic, JobGraphIssue, Span } from "@millrace/core";
import { jobDiagnostic } from "../yaml/findings.js";
import { type JobSource, parseJsonFile } from "../yaml/parse-file.js";
import { type FieldsTree, type Tree, wholeField } from "../yaml/tree.js";
import { MAX_JSON_DEPTH } from "./json-fault.js";
import { withoutMark } from "./without-mark.js";

/** A value that has no parts stands in the innermost. */
const MAX_DEPTH = MAX_JSON_DEPTH + 1;

/** Each at its place, or at the nearest that there is; none if the text cannot be read. */
export function locateIssues({ file, text }: JobSource, issues: readonly JobGraphIssue[]): readonly Diagnostic[] {
  const tree = parseJsonFile({ file, text: withoutMark(text) }, MAX_DEPTH);
  if (!tree) return [];
  return issues.map(({ path, message, within = "" }) => {
    const whole = path === "" ? "The file" : `"${path}"`;
    const inside = within === "" ? path : `${path}.value${within.startsWith("[") ? "" : "."}${within}`;
    const said = `${whole} ${message.replace(/(?<![.?!])$/, ".")}`;
    return jobDiagnostic({ code: "job-invalid", span: placeOf(tree, inside), message: said });
  });
}

/** From the whole inwards, as far as the path leads. */
function placeOf(tree: Tree, path: string): Span {
  let [at, span] = [tree, tree.kind === "fields" ? openingOf(tree) : tree.span];
  for (let rest = path; rest !== ""; ) {
    const step = stepInto(at, rest);
    if (!step) break;
    ({ tree: at, span, rest } = step);
  }
  return span;
}

interface Step {
  readonly tree: Tree;
  readonly span: Span;
  readonly rest: string;
}

/** Names may have dots in them: of those that fit, the longest is meant. A file may spell its names in snake case. */
function stepInto(tree: Tree, path: string): Step | undefined {
  const [whole = "", index] = /^\[(\d+)\]\.?/.exec(path) ?? [];
  if (tree.kind === "list" && index !== undefined) {
    const item = tree.items[Number(index)];
    const span = item?.kind === "fields" ? openingOf(item) : item?.span;
    return item && span && { tree: item, span, rest: path.slice(whole.length) };
  }
  if (tree.kind !== "fields") return undefined;
  const fitting = [...tree.fields].flatMap(([given, field]) =>
    [given, inCamelCase(given)].filter((name) => leadsTo(name, path)).map((name) => ({ name, field })),
  );
  const [found] = fitting.sort((one, other) => other.name.length - one.name.length);
  if (!found) return undefined;
  const rest = path.slice(found.name.length).replace(/^\./, "");
  return { tree: found.field.value, span: rest === "" ? wholeField(found.field) : found.field.key, rest };
}

function leadsTo(name: string, path: string): boolean {
  return path.startsWith(name) && /^(?:$|[.[])/.test(path.slice(name.length));
}

function inCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Of an object its first name, so that what it lacks is not said of all its lines. */
function openingOf({ fields, span }: FieldsTree): Span {
  const [first] = fields.values();
  return first ? { ...span, endLine: first.key.endLine, endColumn: first.key.endColumn } : span;
}
