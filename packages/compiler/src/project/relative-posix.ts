/** Paths as the manifest writes them. */
import { relative, sep } from "node:path";

/** The path of `file` relative to the folder `from`, with forward slashes. */
export function relativePosix(from: string, file: string): string {
  return relative(from, file).split(sep).join("/");
}
