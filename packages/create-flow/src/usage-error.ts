/** What the person at the keyboard has to mend. Thrown before anything is written; ends the command with exit code 2. */

/** Kinds of such mistakes. */
export type UsageErrorCode =
  | "usage"
  | "bad-name"
  | "folder-not-empty"
  | "folder-unusable"
  | "unknown-template"
  | "packages-missing";

/** An error with a remedy. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code: UsageErrorCode;
  /** What to do. */
  readonly hint: string;

  constructor(code: UsageErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
