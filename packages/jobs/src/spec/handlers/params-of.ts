/** Parameters of built-in types: both spellings, and none that the type does not know. */
import { MillraceError } from "@millrace/core";
import type { Data } from "../flow-spec.js";
import { readFields } from "../spec-fields.js";

/**
 * The parameters by our names.
 * @param required Those that there have to be; whatever else is named may be absent.
 * @throws MillraceError `task-misuse` with all that is wrong.
 */
export function paramsOf(params: Readonly<Data>, required: readonly string[], optional: readonly string[] = []): Data {
  const wrong: string[] = [];
  const report = (path: string, message: string): void => void wrong.push(`${path} ${message}`);
  const names = [...required, ...optional];
  const values = readFields(params, { at: "taskParams", what: "an object", names, report })?.values ?? {};
  for (const name of required) if (!Object.hasOwn(values, name)) report(`taskParams.${name}`, "is missing");
  if (wrong.length > 0) throw new MillraceError("task-misuse", `${wrong.join("; ")}.`);
  return values;
}
