/** Refusals of an output folder: a file that stands in its place, asked before anything is read or written there, and what the system refuses. */
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

/** The system refuses to make the output folder, or something in it. */
export function stateDirUnusable(dir: string, cause: unknown): MillraceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MillraceError("state-dir-unusable", `The output folder "${dir}" cannot be used: ${reason}.`, {
    hint: "Let this user write there, make room on the disk, or remove a file that stands in its place.",
    data: { dir },
    cause,
  });
}
