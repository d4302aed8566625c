/** What every store says when it refuses: the same code and the same words, whichever store it is. */
import { hostname } from "node:os";
import { bug, MillraceError, type OwnerInfo, type RunId } from "@millrace/core";

/** Another living engine owns the run. */
export function runOwned(run: RunId, owner: OwnerInfo): MillraceError {
  const { pid, host } = owner;
  const here = pid === process.pid && host === hostname();
  const who = here ? `another engine of this process (${pid} on host "${host}")` : `process ${pid} on host "${host}"`;
  return new MillraceError("run-owned", `Run "${run}" is owned by ${who}.`, {
    hint: here
      ? "Use that engine, or close it first: what is recorded is safe, and the run can be resumed."
      : `Wait until that process has finished, or end it (\`kill ${pid}\`): what is recorded is safe, and a run of a process that has ended can be resumed.`,
    data: { run, owner },
  });
}

/** An engine asked twice for a run that it owns. */
export function acquiredTwice(run: RunId, owner: OwnerInfo): MillraceError {
  return bug(`engine "${owner.engine}" acquires run "${run}" that it owns already`, { run });
}

/** Leases that are no longer the newest ones. `runs` has at least one element. */
export function ownershipLost(runs: readonly RunId[]): MillraceError {
  const names = runs.map((run) => `"${run}"`).join(", ");
  return new MillraceError(
    "ownership-lost",
    `Another process has taken over run ${names}; nothing was written for it.`,
    {
      hint: "The other process goes on with the run. Look at it with `flow show`.",
      data: { run: runs[0], runs },
    },
  );
}

/** The store was closed before the call. */
export function storeClosed(name: string): MillraceError {
  return bug(`the ${name} store is used after it was closed`);
}
