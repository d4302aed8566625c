/**
 * Copies the repository's templates into this package before `npm pack`, and takes them away after it (`--remove`): the
 * tarball needs them, the repository wants them once.
 */
import { cpSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** What a template tried in its place may have left there. */
const LEFT_BEHIND = new Set(["node_modules", ".flow", "package-lock.json"]);

const copy = fileURLToPath(new URL("templates", import.meta.url));
rmSync(copy, { recursive: true, force: true });
if (!process.argv.includes("--remove")) {
  cpSync(fileURLToPath(new URL("../../templates", import.meta.url)), copy, {
    recursive: true,
    filter: (path) => !LEFT_BEHIND.has(basename(path)),
  });
}
