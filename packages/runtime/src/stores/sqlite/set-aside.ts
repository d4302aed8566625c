/** Moves a damaged database out of the way. Nothing is deleted: what is left in it may be all there is. */
import { existsSync, renameSync } from "node:fs";
import { type Clock, MillraceError } from "@millrace/core";
import type { Database } from "./driver.js";

/** Renames the file with its -wal and -shm, closes it, and gives the error that says so. */
export function setAside(damaged: {
  readonly file: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly cause: unknown;
}): MillraceError {
  const { file, database, clock, cause } = damaged;
  const stamp = new Date(clock.now()).toISOString().replace(/[-:]/g, "").replace(/\..*/, "Z");
  let kept = `${file}.corrupt-${stamp}`;
  for (let n = 2; existsSync(kept); n += 1) kept = `${file}.corrupt-${stamp}-${n}`;
  // Closing merges the -wal into the file and removes it by name, so the names go first. Windows moves no open file.
  if (process.platform === "win32") database.close();
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix);
  }
  if (process.platform !== "win32") database.close();
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MillraceError(
    "store-corrupt",
    `The run database "${file}" is damaged: ${reason}. It was kept as "${kept}".`,
    {
      hint: `Run the command again to start with an empty store. What the damaged file still holds can be read with \`sqlite3 "${kept}" .recover\`.`,
      data: { file, keptAs: kept },
      cause,
    },
  );
}
