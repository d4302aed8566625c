/** Plain Node in a process of its own, without loaders: what the engine's threads see of a build. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs an ES module given as text in a folder; standard output as JSON. Rejects with the process's stderr. */
export async function runNode(cwd: string, script: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, ["--enable-source-maps", "--input-type=module", "--eval", script], {
    cwd,
  });
  return JSON.parse(stdout);
}
