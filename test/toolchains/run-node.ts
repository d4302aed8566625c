/** Runs Node programs for the matrix. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface NodeProgram {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the Node that runs this. */
  readonly binary?: string;
}

/** What a program prints on stdout. Rejects with all that it printed if its exit code is not 0. */
export async function runNode({ cwd, args, env = {}, binary = process.execPath }: NodeProgram): Promise<string> {
  // A Vitest that is started by one must not take itself for a worker.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST") && name !== "NODE_ENV");
  try {
    const { stdout } = await run(binary, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...env },
      timeout: 120_000,
    });
    return stdout;
  } catch (error) {
    // Safe: execFile rejects with what the process wrote.
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${stderr}${stdout}`, { cause: error });
  }
}
