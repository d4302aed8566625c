/** Quiet, atomic writes: through a temporary file, and not at all when the bytes are equal. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a text file; false if it held the same bytes before. Readers see the old or the new file, never a part. */
export function writeFileQuietly(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  writeFileSync(temporary, text);
  renameSync(temporary, path);
  return true;
}

/** A name beside `path` that no other process or thread uses. What a killed one leaves behind, `sweepTemporaries` takes away. */
export function temporaryName(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.tmp`;
}
