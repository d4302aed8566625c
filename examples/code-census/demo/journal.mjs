/** Reads the journal that the census's tasks write (src/tasks/journalled-task.ts). */
import { existsSync, readFileSync } from "node:fs";

/** Entries in the order of their writing; none if the file is not there yet. */
export function readJournal(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // What follows the last line break is a line that is being written, or one that a kill cut short.
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}
