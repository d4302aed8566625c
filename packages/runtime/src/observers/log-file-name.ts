/** File names for the logs of steps: readable, safe on every file system, one for each key. */
import { createHash } from "node:crypto";
import { type StepRef, stepLabel } from "@millrace/core";

/** `FetchForecast-Oslo-3f9c2a1b7d.jsonl`: the step's label, then a hash of its key, which tells equal labels apart. */
export function logFileName(step: Pick<StepRef, "key" | "node">): string {
  const label = stepLabel(step)
    .replace(/[^A-Za-z0-9_]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  const hash = createHash("sha256").update(step.key).digest("hex").slice(0, 10);
  return `${label}-${hash}.jsonl`;
}
