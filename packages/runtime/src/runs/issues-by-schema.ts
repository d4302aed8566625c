/** What is wrong with a value by a schema; the check is made once for each schema. */
import type { JsonSchema } from "@millrace/core";
import { compileValidator, type Validator, type ValueIssue } from "@millrace/core/validate";

/** Kept as long as the manifest is: making one takes some thousand times as long as using it. */
const validators = new WeakMap<JsonSchema, Validator>();

/** All that is wrong; empty for a value that fits. */
export function issuesBy(schema: JsonSchema, value: unknown): readonly ValueIssue[] {
  let validate = validators.get(schema);
  if (!validate) {
    validate = compileValidator(schema);
    validators.set(schema, validate);
  }
  return validate(value);
}
