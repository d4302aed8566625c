/**
 * Installs what the package-lock.json of a folder asks for; quick when there is nothing to do. Plain Node without
 * dependencies. Called by `prepare.mjs` for the repository, and by name for what only some tests need:
 * `node .ci/install.mjs test/toolchains`.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, run, say } from "./steps.mjs";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of process.argv.slice(2)) install(resolve(folder));
}

/** Makes the packages of a folder those of its lock file. Ends the process if that fails. */
export function install(folder) {
  const stale = staleReason(folder);
  if (!stale) return;
  say(`installing: ${stale}`);
  const args = ["ci", "--no-audit", "--no-fund"];
  // Under `npm run` the very npm that runs this; it is a JavaScript file and needs no shell.
  const npm = process.env.npm_execpath;
  if (npm?.endsWith(".js")) run("npm ci", process.execPath, [npm, ...args], { cwd: folder });
  else run("npm ci", "npm", args, { cwd: folder, shell: process.platform === "win32" });
}

/** Why an install is needed, in words; undefined if everything that the lock file asks for is there. */
function staleReason(folder) {
  const wanted = packagesOf(folder, "package-lock.json");
  if (!wanted) fail(`${join(folder, "package-lock.json")} is missing or unreadable: this is no complete checkout.`);
  const installed = packagesOf(folder, "node_modules/.package-lock.json");
  if (!installed) return `${join(folder, "node_modules")} is missing`;

  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed[path];
    // What is optional is left out where it does not fit the platform.
    if (!found) {
      if (entry.optional) continue;
      return `${path} is not installed`;
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity || found.link !== entry.link) {
      return `${path} differs from package-lock.json`;
    }
    if (!existsSync(join(folder, path, "package.json"))) return `${path} is gone`;
  }
  const extra = Object.keys(installed).find((path) => !(path in wanted));
  return extra && `${extra} is no longer wanted`;
}

function packagesOf(folder, lockFile) {
  try {
    return JSON.parse(readFileSync(join(folder, lockFile), "utf8")).packages;
  } catch {
    return undefined;
  }
}
