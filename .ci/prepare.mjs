/**
 * Makes a checkout ready to use: installs what package-lock.json asks for and builds the packages. Quick when there is
 * nothing to do. Plain Node without dependencies; called by `npm run demo` and before `npm test`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const FLOOR = [20, 19];

requireNode();
const stale = staleReason();
if (stale) {
  say(`installing: ${stale}`);
  // Under `npm run` the very npm that runs this; it is a JavaScript file and needs no shell.
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund"];
  if (npm?.endsWith(".js")) run("npm ci", process.execPath, [npm, ...args]);
  else run("npm ci", "npm", args, { shell: process.platform === "win32" });
}
say("building");
run("tsc -b", process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"]);
say("ready");

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [floorMajor, floorMinor] = FLOOR;
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return;
  fail(`Node ${process.versions.node} is too old: Millrace needs ${FLOOR.join(".")} or newer.`);
}

/** Why an install is needed, in words; undefined if everything that the lock file asks for is there. */
function staleReason() {
  const wanted = packagesOf("package-lock.json");
  if (!wanted) fail("package-lock.json is missing or unreadable: this is no complete checkout.");
  const installed = packagesOf("node_modules/.package-lock.json");
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
    if (!existsSync(join(root, path, "package.json"))) return `${path} is gone`;
  }
  const extra = Object.keys(installed).find((path) => !(path in wanted));
  return extra && `${extra} is no longer wanted`;
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(join(root, lockFile), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** Runs a command quietly; shows what it said only if it fails. */
function run(name, command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  fail(`${name} failed${error ? `: ${error.message}` : status === null ? "" : ` with exit code ${status}`}.`);
}

function say(text) {
  console.log(`prepare: ${text}`);
}

function fail(text) {
  console.error(`prepare: ${text}`);
  process.exit(1);
}
