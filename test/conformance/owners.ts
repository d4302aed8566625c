/** Owners of runs for tests: engines of this process, and a process that lives until it is told to end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { OwnerInfo } from "@millrace/core";

/** Another process as an owner. */
export interface OwnerProcess {
  readonly owner: OwnerInfo;
  /** Resolves when the process has ended. */
  end(): Promise<void>;
}

const SCRIPT = `
  import { ownerInfo } from "@millrace/runtime";
  process.stdout.write(JSON.stringify(ownerInfo("engine-of-a-child")) + "\\n");
  process.stdin.resume();
`;

/** Starts a process that says who it is. */
export async function startOwner(): Promise<OwnerProcess> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  return {
    // Safe: the script prints an OwnerInfo.
    owner: JSON.parse(String(line)) as OwnerInfo,
    async end() {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
