/**
 * Installs what the package-lock.json of a folder asks for, and does nothing if it is there. Plain Node without dependencies;
 * called by prepare.mjs for the checkout and by install-private.mjs for the packages that only some checks need.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Installs if something is missing. @throws Error that holds what npm said. */
export function installLocked(folder, say) {
  const stale = staleReason(folder);
  if (!stale) return;
  say(`installing: ${stale}`);
  // Under `npm run` the very npm that runs this; it is a JavaScript file and needs no shell.
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund"];
  if (npm?.endsWith(".js")) runQuietly("npm ci", folder, process.execPath, [npm, ...args]);
  else runQuietly("npm ci", folder, "npm", args, { shell: process.platform === "win32" });
}

/** Runs a command. @throws Error that holds what it said, only if it fails. */
export function runQuietly(name, cwd, command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (status === 0) return;
  const how = error ? `: ${error.message}` : status === null ? "" : ` with exit code ${status}`;
  throw new Error(`${stdout ?? ""}${stderr ?? ""}${name} failed${how}.`);
}

/** Why an install is needed, in words; undefined if everything that the lock file asks for is there. */
function staleReason(folder) {
  const wanted = packagesOf(join(folder, "package-lock.json"));
  if (!wanted)
    throw new Error(`The package-lock.json in ${folder} is missing or unreadable: this is no complete checkout.`);
  const installed = packagesOf(join(folder, "node_modules/.package-lock.json"));
  if (!installed) return "node_modules is missing";

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

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")).packages;
  } catch {
    return undefined;
  }
}
