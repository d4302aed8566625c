/** Runs the command `flow` on this example, in processes of its own, as a user would on a terminal. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository: its `node_modules` is what the census reads. */
export const repository = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[\\/]$/, "");
/** The example: its build and its runs are kept in `.flow` here. */
export const example = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

const bin = join(repository, "packages/millrace/bin/flow.js");
const built = join(repository, "packages/cli/dist/bin.js");

/** A failure of the demo, told in one message. */
export class DemoFailure extends Error {}

/**
 * Starts `flow` with these arguments.
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, live?: boolean }} [options] `live`: the command is named, and what it says while
 * it works goes straight to this process's stderr, so that a terminal shows its progress.
 */
export function startFlow(args, { env = {}, live = false } = {}) {
  if (!existsSync(built)) {
    throw new DemoFailure("Millrace is not built. Start the demo with `npm run demo`, which builds it.");
  }
  if (live) console.error(`$ flow ${args.join(" ")}`);
  const child = spawn(process.execPath, [bin, ...args, "--cwd", example], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", live ? "inherit" : "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs `flow` to its end and gives what it printed. @throws DemoFailure if it fails. */
export async function flow(args, options) {
  const { code, signal, stdout, stderr } = await startFlow(args, options).ended;
  if (code === 0) return stdout;
  process.stderr.write(stderr);
  throw new DemoFailure(`\`flow ${args.join(" ")}\` ended with ${signal ?? `exit code ${code}`}.`);
}

/** As flow, for commands that print a JSON document. */
export async function flowJson(args, options) {
  const text = await flow([...args, "--json"], options);
  try {
    return JSON.parse(text);
  } catch {
    throw new DemoFailure(`\`flow ${args.join(" ")} --json\` printed no JSON: ${text.slice(0, 200)}`);
  }
}
