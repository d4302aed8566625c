/** What `flow runs --json` prints. */
import type { RunSummary } from "../run/run-state.js";

/** All runs of the store, newest first. */
export type RunListDocument = readonly RunSummary[];
