/** What `flow report --json` prints, beside the page that it writes. */
import type { RunId, StepKey } from "../identity/brands.js";

/** A report that was written. */
export interface ReportDocument {
  readonly run: RunId;
  /** The page, as it was named. */
  readonly file: string;
  /** The steps that decided when the run was over, the first one first, and what they took together in ms. */
  readonly criticalPath: { readonly steps: readonly StepKey[]; readonly tookMs: number };
}
