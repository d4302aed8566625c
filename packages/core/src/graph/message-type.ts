/** What a wait takes, if its author says so. */
import type { JsonSchema } from "../json-schema/json-schema.js";

/** The type argument of a `waitFor`. */
export interface MessageType {
  readonly schema: JsonSchema;
  /** As the author wrote it. */
  readonly text: string;
}
