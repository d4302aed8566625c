/** Errors as people see them: code, sentence, remedy. A stack only for bugs and on demand. */
import {
  bug,
  type ErrorDocument,
  type ExitCode,
  exitCodeOf,
  isMillraceError,
  jsonImage,
  type MillraceError,
} from "@millrace/core";
import { colorsFor, printJson, say } from "./streams.js";

/** How errors are reported. */
export interface ReportOptions {
  /** Also print an ErrorDocument on stdout. */
  readonly json: boolean;
  /** Also print the stack. */
  readonly debug: boolean;
}

/** Reports an error and gives the exit code that it means. What is no MillraceError is a bug, and says so. */
export function reportError(error: unknown, { json, debug }: ReportOptions): ExitCode {
  const known = knownError(error);
  say(errorBlock(known, { stack: debug || known.code === "internal-bug" }));
  if (json) printJson(errorDocument(known));
  return exitCodeOf(known.code);
}

/** `error[code]: message` and the remedy below, coloured for stderr. */
export function errorBlock(error: MillraceError, { stack }: { readonly stack: boolean }): string {
  const colors = colorsFor(process.stderr);
  const lines = [`${colors.red(`error[${error.code}]:`)} ${error.message}`];
  if (error.cause instanceof Error && !error.message.includes(error.cause.message)) {
    lines.push(`  ${colors.dim("cause:")} ${error.cause.message}`);
  }
  if (error.hint) lines.push(`  ${colors.cyan("hint:")} ${error.hint}`);
  if (stack) {
    const source = error.cause instanceof Error && error.code === "internal-bug" ? error.cause : error;
    const frames = (source.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
    lines.push(colors.dim(frames.join("\n")));
  }
  return lines.join("\n");
}

/** An error as documents hold it. */
export function errorDocument(error: MillraceError): ErrorDocument {
  const { code, message, hint, data } = error;
  return { error: { code, message, ...(hint === undefined ? {} : { hint }), data: jsonImage(data) } };
}

/** The error itself, or the bug that it is. */
export function knownError(error: unknown): MillraceError {
  if (isMillraceError(error)) return error;
  const found = bug(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  found.cause = error;
  return found;
}
