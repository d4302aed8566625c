/** What a TypeScript version says about a project. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Compiler, tscOf } from "../toolchains/compilers.js";

const run = promisify(execFile);
const ERROR = /^(.+)\((\d+),\d+\): error (TS\d+)/;

/** Errors of `tsc` in a folder, `path:line code` each, sorted as files are walked. Rejects if it says anything else. */
export async function typeErrors(compiler: Compiler, cwd: string, args: readonly string[]): Promise<readonly string[]> {
  const output = await run(process.execPath, [tscOf(compiler), ...args, "--pretty", "false"], { cwd }).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
  return output.split("\n").flatMap((line) => {
    const [, path, at, code] = ERROR.exec(line) ?? [];
    if (code !== undefined) return [`${path}:${at} ${code}`];
    // What explains an error is indented.
    if (line === "" || line.startsWith(" ")) return [];
    throw new Error(`tsc ${compiler.version}: ${output}`);
  });
}
