/** What every store says when it refuses: the same code and the same words, whichever store it is. */
import { bug, MillraceError, type OwnerInfo, type RunId } from "@millrace/core";

/** Another living engine owns the run. */
export function runOwned(run: RunId, owner: OwnerInfo): MillraceError {
  return new MillraceError("run-owned", `Run "${run}" is owned by process ${owner.pid} on host "${owner.host}".`, {
    hint: `Wait until that process has finished, or end it (\`kill ${owner.pid}\`): what is recorded is safe, and a run of a process that has ended can be resumed.`,
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
