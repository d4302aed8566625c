/** Room on the disk of the output folder: bytes, and files that can still be made. */
import { formatCount } from "@millrace/core";
import { bytesText } from "../../output/bytes-text.js";
import { reached } from "../attempt.js";
import { type Check, ok, problem, warning } from "../check.js";

const LITTLE_BYTES = 1e9;
const NO_BYTES = 2e7;
const LITTLE_SHARE = 0.05;

export const space: Check = (site) => {
  const disk = reached(reached(site.project)?.disk);
  if (disk === undefined) return undefined;
  const { freeBytes, totalBytes, freeFiles, totalFiles, folder } = disk;
  const free = `${bytesText(freeBytes)} of ${bytesText(totalBytes)} free`;
  const remedy = `Make room on the disk of ${folder}, or name another folder with "millrace": { "stateDir": "…" }: a full disk stops a run, and loses nothing recorded.`;
  if (freeBytes < NO_BYTES) return problem(free, remedy);
  if (freeBytes < LITTLE_BYTES || freeBytes < totalBytes * LITTLE_SHARE) return warning(free, remedy);
  // Some file systems make room for as many as they need, and count none.
  if (totalFiles > 0 && freeFiles < totalFiles * LITTLE_SHARE) {
    return warning(`${formatCount(freeFiles)} of ${formatCount(totalFiles)} files (inodes) free`, remedy);
  }
  return ok(free);
};
