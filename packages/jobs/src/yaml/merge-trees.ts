/** Lays one file's tree over that of the files it includes: fields into fields, everything else in place of what was there. */
import type { ReportFinding } from "./findings.js";
import { type Field, type FieldsTree, type ListTree, type Tree, treeWords } from "./tree.js";

/** What both say; where both say something, the upper one holds. */
export function mergeTrees(lower: FieldsTree, upper: FieldsTree, report: ReportFinding): FieldsTree {
  const fields = new Map<string, Field>(lower.fields);
  for (const [name, { key, value }] of upper.fields)
    fields.set(name, { key, value: laidOver(fields.get(name)?.value, value, report) });
  // What is missing in the whole is missed in the file that was asked for.
  return { ...upper, fields };
}

function laidOver(lower: Tree | undefined, upper: Tree, report: ReportFinding): Tree {
  if (lower?.kind === "fields" && upper.kind === "fields") return mergeTrees(lower, upper, report);
  if (upper.kind === "fields")
    return { ...upper, fields: mergeTrees({ ...upper, fields: new Map() }, upper, report).fields };
  return upper.kind === "list" && upper.appends ? appended(lower, upper, report) : upper;
}

function appended(lower: Tree | undefined, upper: ListTree, report: ReportFinding): Tree {
  if (lower?.kind === "list") return { ...upper, items: [...lower.items, ...upper.items], appends: false };
  const found = lower ? `${treeWords(lower)}, which is no list` : "no list there";
  report({
    code: "job-include-invalid",
    span: upper.span,
    message: `!append has nothing to append to: the files before this one have ${found}.`,
    hint: "Remove !append, or correct the name of the field.",
    ...(lower ? { related: [{ span: lower.span, message: "stands there" }] } : {}),
  });
  return { ...upper, appends: false };
}
