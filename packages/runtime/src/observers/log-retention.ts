/** Removes the log folders of old runs. Touches nothing that is not the log folder of a run. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { FLOW_LOG } from "@millrace/core";

/** What to remove. */
export interface LogRetention {
  /** Folder that holds one folder per run. */
  readonly dir: string;
  /** Folders whose flow log was last written before this time (ms since 1970) go. */
  readonly before: number;
  /** Stops between two folders. */
  readonly signal: AbortSignal;
}

/** Removes old folders, one after the other; those that cannot be removed stay. Never throws. Resolves to how many went. */
export async function removeOldLogs({ dir, before, signal }: LogRetention): Promise<number> {
  let removed = 0;
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (signal.aborted) break;
    if (!entry.isDirectory()) continue;
    const folder = join(dir, entry.name);
    try {
      const { mtimeMs } = await stat(join(folder, FLOW_LOG));
      if (mtimeMs >= before) continue;
      await rm(folder, { recursive: true });
      removed += 1;
    } catch {
      // No flow log: not ours, or another process removes it too.
    }
  }
  return removed;
}
