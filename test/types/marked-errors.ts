/**
 * The errors that a fixture's sources announce, each at the end of its line:
 *
 *   call(X, { a: 1 }); // error TS2322                     always
 *   call(X, {});       // error once built TS2345          only once the file was there at a build
 *   call(X, {});       // error before the build TS2345    only until then
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const MARK = /\/\/ error (once built |before the build )?(TS\d+(?: TS\d+)*)$/;

/** Errors of one file of a project, `path:line code` each. */
export function markedErrors(root: string, path: string, built: boolean): readonly string[] {
  const lines = readFileSync(join(root, path), "utf8").split("\n");
  return lines.flatMap((line, i) => {
    const [, when, codes] = MARK.exec(line) ?? [];
    const silent = when === (built ? "before the build " : "once built ");
    return codes === undefined || silent ? [] : codes.split(" ").map((code) => `${path}:${i + 1} ${code}`);
  });
}
