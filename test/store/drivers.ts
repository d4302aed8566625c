/** The SQLite drivers that this Node can use, and folders for their stores. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Drivers to test with; `node` where Node has `node:sqlite` without a flag. */
export const DRIVERS: readonly ("node" | "libsql")[] =
  process.getBuiltinModule("node:sqlite") === undefined ? ["libsql"] : ["node", "libsql"];

/** A folder that is removed at the end of the test. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "millrace-store-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
