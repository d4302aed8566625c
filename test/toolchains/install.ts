/** Installs the packages that only some tests need, on demand; quick if they are there. */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

const REPOSITORY = resolve(import.meta.dirname, "../..");

/** ms that an install may take on a slow line. */
export const INSTALL_TIMEOUT_MS = 300_000;

/** Folders are relative to the repository; each has a package-lock.json. Throws, once npm has said why, if one fails. */
export function install(...folders: readonly string[]): void {
  execFileSync(process.execPath, [join(REPOSITORY, ".ci/install-private.mjs"), ...folders], {
    cwd: REPOSITORY,
    stdio: "inherit",
  });
}
