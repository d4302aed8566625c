/** What `flow dev --json` prints: one document a line, as things happen. */
import type { BuildDocument } from "./build-document.js";
import type { ErrorDocument } from "./error-document.js";

/** One line. Each `building` is followed by a `built` or a `refused`. */
export type DevLine =
  /** `changed`: files, and folders in which files have come or gone; relative to the project's folder. Empty the first time. */
  | { readonly event: "building"; readonly changed: readonly string[] }
  /** Also with errors: `ok` tells. */
  | ({ readonly event: "built"; readonly durationMs: number } & BuildDocument)
  /** There is nothing to build for now. */
  | ({ readonly event: "refused"; readonly durationMs: number } & ErrorDocument)
  /** The last line: a signal has ended it. */
  | { readonly event: "stopped"; readonly builds: number };
