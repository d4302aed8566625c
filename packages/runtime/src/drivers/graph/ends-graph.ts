/** Whether the failure of a node ends its graph at once. The driver and plans ask. */
import type { FailurePolicy, GraphOrder, JobGraph } from "@millrace/core";

/** `critical` decides, else the policy of the edges that lead on; the graph's own is that of nodes which nothing waits for. */
export function endsGraph({ nodes, policy }: JobGraph, order: GraphOrder, index: number): boolean {
  const critical = nodes[index]?.critical;
  if (critical !== undefined) return critical;
  const arcs = order.after[index] ?? [];
  const policies: readonly (FailurePolicy | undefined)[] = arcs.length > 0 ? arcs.map((arc) => arc.policy) : [policy];
  return policies.includes("fail-fast");
}
