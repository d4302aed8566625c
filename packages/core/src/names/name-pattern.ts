/** Patterns of names, as people write them on a command line: the one language of selectors of steps and of tasks. */
import { MillraceError } from "../errors/millrace-error.js";

/**
 * Reads a pattern: a name; the same with `*` for any text and `?` for any character; or a regular expression between slashes.
 * `things` stand in messages: `steps`. @throws MillraceError `usage`.
 */
export function readNamePattern(text: string, things: string): (name: string) => boolean {
  if (text === "") throw unreadable(text, things, "it is empty");
  const pattern = /^\/(.+)\/([imsu]*)$/s.exec(text);
  const expression = pattern
    ? regExp(text, things, pattern)
    : /[*?]/.test(text)
      ? new RegExp(`^${globSource(text)}$`, "s")
      : undefined;
  return expression ? (name) => expression.test(name) : (name) => name === text;
}

function globSource(glob: string): string {
  return glob
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
}

function regExp(text: string, things: string, [, source = "", flags = ""]: RegExpExecArray): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw unreadable(text, things, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(text: string, things: string, why: string): MillraceError {
  return new MillraceError("usage", `"${text}" selects no ${things}: ${why}.`, {
    hint: "Write a name; * stands for any text; /…/ is a regular expression.",
    data: { selector: text },
  });
}
