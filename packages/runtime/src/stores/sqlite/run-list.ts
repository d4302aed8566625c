/** The list of runs with their living owners, from the tables that keep both. Transactions are the caller's. */
import type { OwnerInfo, RunId, RunSummary } from "@millrace/core";
import type { FoldedSummary } from "../summary-fold.js";
import type { LeaseTable } from "./lease-table.js";
import type { RunTable } from "./run-table.js";

/** Newest first; one run if `run` is given, those of one flow if `flow` is. */
export function listRuns(
  { runs, leases }: { readonly runs: RunTable; readonly leases: LeaseTable },
  filter: { readonly run?: RunId; readonly flow?: string } = {},
): readonly RunSummary[] {
  if (filter.run === undefined) {
    const owners = leases.owners();
    return runs.list(filter.flow).map((summary) => withOwner(summary, owners.get(summary.id)));
  }
  const summary = runs.find(filter.run);
  if (summary === undefined || (filter.flow !== undefined && summary.flow !== filter.flow)) return [];
  return [withOwner(summary, leases.ownerOf(filter.run))];
}

function withOwner(summary: FoldedSummary, owner: OwnerInfo | undefined): RunSummary {
  return owner === undefined ? summary : { ...summary, owner };
}
