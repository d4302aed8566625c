/** Takes away what builds that were killed have left half written in the output folder. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** No build takes that long, so what is older belongs to none that is running. */
const ABANDONED_MS = 3_600_000;
const TEMPORARY = /\.[0-9a-f]{12}\.tmp$/;

/** Removes old temporary files and folders that lie directly in a folder. */
export function sweepTemporaries(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => TEMPORARY.test(entry))) {
    const path = join(folder, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY };
    if (mtimeMs < Date.now() - ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}
