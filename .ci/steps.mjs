/** How the scripts of this folder run commands and speak: quietly, unless something fails. */
import { spawnSync } from "node:child_process";
import { basename } from "node:path";

const script = basename(process.argv[1] ?? "", ".mjs");

/** Runs a command quietly; shows what it said only if it fails, and ends the process then. */
export function run(name, command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  fail(`${name} failed${error ? `: ${error.message}` : status === null ? "" : ` with exit code ${status}`}.`);
}

/** Prints a line under the script's name. */
export function say(text) {
  console.log(`${script}: ${text}`);
}

/** Ends the process with exit code 1 and a line. */
export function fail(text) {
  console.error(`${script}: ${text}`);
  process.exit(1);
}
