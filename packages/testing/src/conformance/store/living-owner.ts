/** A process that owns runs until it is told to end: for what a store does while an owner lives, and once it is dead. */
import { fileURLToPath } from "node:url";
import type { OwnerInfo } from "@millrace/core";
import { startCommand } from "../../rig/running-command.js";

/** Another process as an owner. */
export interface LivingOwner extends AsyncDisposable {
  readonly owner: OwnerInfo;
  /** Resolves when the process has ended. */
  end(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL("../loaded/owner-process.js", import.meta.url));

/** Starts a process that says who it is. */
export async function startLivingOwner(): Promise<LivingOwner> {
  const child = startCommand({ command: process.execPath, args: [SCRIPT] });
  // Safe: the script prints an OwnerInfo.
  const owner = JSON.parse(await child.line("{")) as OwnerInfo;
  return {
    owner,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    async end() {
      child.stdin.end();
      await child.done;
    },
  };
}
