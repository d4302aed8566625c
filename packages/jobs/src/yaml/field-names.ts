/** Other names of fields, brought to the full one before files are laid over each other: short ones, and those that the ancestor's later files have. */
import type { ReportFinding } from "./findings.js";
import { type Field, type FieldsTree, type Tree, withFields } from "./tree.js";

/** Other name → full name. */
type OtherNames = ReadonlyMap<string, string>;

const WORK: OtherNames = new Map([
  ["params", "parameters"],
  ["after", "dependencies"],
  ["depends_on", "dependencies"],
  ["variant", "task"],
]);
const watcher = (kind: string): OtherNames =>
  new Map([
    ["params", "parameters"],
    ["variant", kind],
  ]);

/** Sections whose entries have such fields. */
const ENTRIES: ReadonlyMap<string, OtherNames> = new Map([
  ["tasks", WORK],
  ["rules", WORK],
  ["loggers", watcher("logger")],
  ["extensions", watcher("extension")],
]);
const CHECKPOINTER = watcher("checkpointer");

/** A file with the full names of all fields. */
export function withFullNames(file: FieldsTree, report: ReportFinding): FieldsTree {
  return withFields(file, (name, field) => {
    if (name === "checkpointer") return { ...field, value: renamed(field.value, CHECKPOINTER, report) };
    const names = ENTRIES.get(name);
    if (!names || field.value.kind !== "fields") return field;
    const value = withFields(field.value, (_, entry) => ({ ...entry, value: renamed(entry.value, names, report) }));
    return { ...field, value };
  });
}

function renamed(entry: Tree, names: OtherNames, report: ReportFinding): Tree {
  if (entry.kind !== "fields") return entry;
  const fields = new Map<string, Field>();
  for (const [name, field] of entry.fields) {
    const full = names.get(name) ?? name;
    const twin = fields.get(full);
    if (twin) {
      const message = `"${name}" and "${full}" are the same field, and both are given.`;
      report({ code: "job-invalid", span: field.key, message, related: [{ span: twin.key, message: "given first" }] });
    }
    fields.set(full, field);
  }
  return { ...entry, fields };
}
