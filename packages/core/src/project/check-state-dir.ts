/** Refuses an output folder that is a file. Asked before anything is read or written there. */
import { statSync } from "node:fs";
import { MillraceError } from "../errors/millrace-error.js";

/** The folder need not exist yet. @throws MillraceError `state-dir-unusable`. */
export function checkStateDir(stateDir: string): void {
  if (statSync(stateDir, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  throw new MillraceError(
    "state-dir-unusable",
    `${stateDir} is a file, but builds and runs are kept in a folder there.`,
    {
      hint: 'Move the file away, or name another folder with "millrace": { "stateDir": "…" } in the package.json.',
      data: { path: stateDir },
    },
  );
}
