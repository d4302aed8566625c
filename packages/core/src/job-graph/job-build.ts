/** What documents that run tasks are checked against. */
import type { JsonSchema } from "../json-schema/json-schema.js";
import type { ValueIssue } from "../json-schema/validate.js";
import type { Manifest } from "../manifest/manifest.js";

/** What a build has. */
export interface JobBuild {
  readonly manifest: Pick<Manifest, "tasks" | "flows">;
  /** What is wrong with a value by a schema. */
  readonly check: (schema: JsonSchema, value: unknown) => readonly ValueIssue[];
}
