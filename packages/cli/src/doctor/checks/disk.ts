/** Writing to the output folder: it works, and how long it takes until a write is safe. */
import { relative } from "node:path";
import { reached } from "../attempt.js";
import { type Check, failure, ok, warning } from "../check.js";

/** ms of an fsync above which chains of steps are slow: each step waits for one. */
const SLOW_MS = 50;

export const disk: Check = (site) => {
  const project = reached(site.project);
  if (project === undefined) return undefined;
  if (project.disk.status === "rejected") return failure(project.disk.reason);
  const { syncMs, folder } = project.disk.value;
  const median = [...syncMs].sort((a, b) => a - b)[Math.floor(syncMs.length / 2)] ?? 0;
  const place = relative(project.root, folder) || ".";
  const finding = `${place} can be written; fsync takes ${median.toFixed(1)} ms (median of ${syncMs.length})`;
  if (median <= SLOW_MS) return ok(finding);
  return warning(
    finding,
    'Each step of a chain waits for one: put the output folder on a faster local disk with "millrace": { "stateDir": "…" }.',
  );
};
