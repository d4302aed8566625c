/** The object that a JSON file holds. What is none is told with its place. */
import { readFile } from "node:fs/promises";
import { type ErrorCode, MillraceError } from "@millrace/core";

/** How it is told that there is none. */
export interface ExpectedObject {
  readonly code: ErrorCode;
  /** What the object is. */
  readonly what: string;
  readonly hint: string;
}

/** Reads it. @throws MillraceError of the code that is given. */
export async function readJsonObject(file: string, { code, what, hint }: ExpectedObject): Promise<object> {
  const unreadable = (reason: string, advice: string, cause?: unknown): MillraceError =>
    new MillraceError(code, `${file} ${reason}.`, { hint: advice, data: { file }, cause });
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw unreadable("cannot be read", hint, cause);
  });
  const { readJson } = await import("@millrace/jobs");
  const read = readJson({ file, text });
  if ("wrong" in read) {
    const { span, message, hint: own = hint } = read.wrong;
    const said = message.replace(/\.$/, "");
    throw unreadable(`cannot be read as JSON, at ${file}:${span.line}:${span.column}: ${said}`, own);
  }
  if (typeof read.value === "object" && read.value !== null) return read.value;
  throw unreadable(`holds no ${what}`, hint);
}
