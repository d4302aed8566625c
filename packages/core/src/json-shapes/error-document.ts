/** What any command prints with `--json` if it ends before it has anything else to print. */
import type { ErrorCode } from "../errors/error-codes.js";
import type { Json } from "./json-image.js";

/** A refused or failed command. */
export interface ErrorDocument {
  readonly error: {
    readonly code: ErrorCode;
    /** One sentence that names the culprit. */
    readonly message: string;
    /** What to do. */
    readonly hint?: string;
    /** Typed facts about the culprit. */
    readonly data: Json;
  };
}
