/** Checks parameters where they cross a boundary: at the start of a run, and at each call. */
import { type FlowEntry, type JsonSchema, MillraceError, type TaskEntry } from "@millrace/core";
import { compileValidator, type Validator, type ValueIssue } from "@millrace/core/validate";

/** Kept as long as the manifest is: making one takes some thousand times as long as using it. */
const validators = new WeakMap<JsonSchema, Validator>();

/** Checks the parameters of `entry` against a schema, all at once. @throws MillraceError `invalid-parameters`. */
export function checkParams(
  entry: TaskEntry | FlowEntry,
  params: object,
  schema: JsonSchema = entry.paramsSchema,
): void {
  let validate = validators.get(schema);
  if (!validate) {
    validate = compileValidator(schema);
    validators.set(schema, validate);
  }
  const issues = validate(params);
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
