/** SQLite's refusals in the words of a user: which file, and what to do. */
import { bug, MillraceError } from "@millrace/core";
import { SQL_RESULT, SqlFailure } from "./driver.js";

const HINTS: Readonly<Record<number, string>> = {
  [SQL_RESULT.full]: "Free some space on the disk and resume the run; nothing recorded is lost.",
  [SQL_RESULT.busy]: "Another process holds the database for too long. Look for one that hangs, then try again.",
  [SQL_RESULT.locked]: "Another process holds the database for too long. Look for one that hangs, then try again.",
  [SQL_RESULT.readOnly]: "Give this user write permission for the file and its folder.",
  [SQL_RESULT.perm]: "Give this user write permission for the file and its folder.",
  [SQL_RESULT.cannotOpen]: "Check that it is a file and that this user may read and write it and its folder.",
  [SQL_RESULT.ioError]: "The disk reports errors. Check it, then resume the run.",
};

/** Any error of a driver as a MillraceError; other errors as they are. */
export function describeFailure(error: unknown, file: string): unknown {
  if (!(error instanceof SqlFailure)) return error;
  if (isDamage(error)) {
    return new MillraceError("store-corrupt", `The run database "${file}" is damaged: ${error.message}.`, {
      hint: "Stop every process that uses it, move it aside together with its -wal and -shm, and rescue what can be read with `sqlite3 <file> .recover`.",
      data: { file },
      cause: error,
    });
  }
  const hint = HINTS[error.result];
  if (hint === undefined) return bug(`SQLite refuses a statement: ${error.message}`, { file, result: error.result });
  return storeUnusable(`The run database "${file}" cannot be used: ${error.message}.`, { file, hint, cause: error });
}

/** True if the file itself is broken. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof SqlFailure && (error.result === SQL_RESULT.corrupt || error.result === SQL_RESULT.notADatabase)
  );
}

/** The disk or the file refuses. */
export function storeUnusable(
  message: string,
  about: { readonly file: string; readonly hint: string; readonly cause?: unknown },
): MillraceError {
  return new MillraceError("store-unusable", message, {
    hint: about.hint,
    data: { file: about.file },
    cause: about.cause,
  });
}
