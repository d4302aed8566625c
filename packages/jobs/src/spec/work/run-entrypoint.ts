/** Runs what a job's builder left as its entrypoint. */
import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MillraceError } from "@millrace/core";
import type { RunContext } from "./job-module.js";

/** So many lines of each log stand in the error. */
const SHOWN_LINES = 50;

/** Runs `entrypoint.sh` with bash. @throws MillraceError `task-misuse` with the ends of the logs if it fails. */
export async function runEntrypoint({ dir, config }: RunContext): Promise<void> {
  const [stdout, stderr] = [await open(join(dir, "stdout.log"), "w"), await open(join(dir, "stderr.log"), "w")];
  let end: string;
  try {
    const child = spawn("bash", ["entrypoint.sh"], {
      cwd: dir,
      env: { ...process.env, ...config },
      stdio: ["ignore", stdout.fd, stderr.fd],
    });
    end = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve(signal ?? String(code)));
    });
  } finally {
    await stdout.close();
    await stderr.close();
  }
  if (end === "0") return;
  const logs = await Promise.all(
    ["stdout.log", "stderr.log"].map(async (name) => `${name}:\n${await tail(dir, name)}`),
  );
  throw new MillraceError("task-misuse", `entrypoint.sh ended with ${end}.\n${logs.join("\n")}`, {
    data: { dir, end },
  });
}

async function tail(dir: string, name: string): Promise<string> {
  const lines = (await readFile(join(dir, name), "utf8")).trimEnd().split("\n");
  return lines.slice(-SHOWN_LINES).join("\n");
}
