/** Checks parameters where they cross a boundary: at the start of a run, and at each call. */
import { type FlowEntry, type JsonSchema, MillraceError, type TaskEntry } from "@millrace/core";
import type { ValueIssue } from "@millrace/core/validate";
import { issuesBy } from "./issues-by-schema.js";

/** Checks the parameters of `entry` against a schema, all at once. @throws MillraceError `invalid-parameters`. */
export function checkParams(
  entry: TaskEntry | FlowEntry,
  params: object,
  schema: JsonSchema = entry.paramsSchema,
): void {
  const issues = issuesBy(schema, params);
  if (issues.length > 0) throw invalidParameters(entry, issues);
}

/** The error that lists what is wrong with parameters. */
export function invalidParameters(
  { id, kind, params }: TaskEntry | FlowEntry,
  issues: readonly ValueIssue[],
): MillraceError {
  const list = issues.map((issue) => `  ${issue.message}`).join("\n");
  const signature = params.map(({ name, required, text }) => `${name}${required ? "" : "?"}: ${text}`).join("; ");
  return new MillraceError("invalid-parameters", `The parameters of ${id} cannot be used:\n${list}`, {
    hint: signature === "" ? `${id} takes none.` : `${id} takes { ${signature} }.`,
    data: { [kind]: id, issues },
  });
}
