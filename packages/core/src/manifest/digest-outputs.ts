/** What the compiled files of a build come to, whoever has them at hand: the thread that made them, or a reader of the disk. */
import { createHash } from "node:crypto";

/** SHA-256, base64url. @param outputs Posix path relative to the build folder → text. */
export function digestOutputs(outputs: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const [path, text] of [...outputs].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(JSON.stringify([path, text]));
  return hash.digest("base64url");
}
