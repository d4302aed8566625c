/** Short names of fields of a task or rule, brought to the full one before files are laid over each other. */
import type { ReportFinding } from "./findings.js";
import { type Field, type FieldsTree, type Tree, withFields } from "./tree.js";

/** Short name → full name. */
const SHORT_NAMES: Readonly<Record<string, string>> = { params: "parameters", after: "dependencies" };

/** A file with the full names of all fields. */
export function withFullNames(file: FieldsTree, report: ReportFinding): FieldsTree {
  return withFields(file, (name, field) =>
    name === "tasks" || name === "rules"
      ? { ...field, value: inEach(field.value, (task) => renamed(task, report)) }
      : field,
  );
}

function inEach(tree: Tree, change: (task: FieldsTree) => FieldsTree): Tree {
  if (tree.kind !== "fields") return tree;
  return withFields(tree, (_, { key, value }) => ({ key, value: value.kind === "fields" ? change(value) : value }));
}

function renamed(task: FieldsTree, report: ReportFinding): FieldsTree {
  const fields = new Map<string, Field>();
  for (const [name, field] of task.fields) {
    const full = Object.hasOwn(SHORT_NAMES, name) ? (SHORT_NAMES[name] as string) : name;
    const twin = fields.get(full);
    if (twin) {
      const message = `"${name}" and "${full}" are the same field, and both are given.`;
      report({ code: "job-invalid", span: field.key, message, related: [{ span: twin.key, message: "given first" }] });
    }
    fields.set(full, field);
  }
  return { ...task, fields };
}
