/** The second stage of reading a job graph: that it comes to an end, and that every reference leads to what is over before. */
import { suggestName } from "../names/did-you-mean.js";
import { cycleIn, type GraphOrder, orderGraph, reachedBy } from "./graph-order.js";
import type { Report } from "./issue.js";
import { referencesOf } from "./job-reference.js";
import type { GraphShape, PlacedNode } from "./read-shape.js";

/** Looks at a graph; graphs inside it are looked at by whoever calls. */
export function checkOrder({ at, nodes, edges, policy }: GraphShape, report: Report): void {
  const inside = at === "" ? "" : `${at}.`;
  const list = nodes.map(({ node }) => node);
  const order = orderGraph(list, edges, policy);
  const cycle = cycleIn(order);
  if (cycle) {
    const names = cycle.map((i) => list[i]?.id).join(" waits for ");
    report(`${inside}edges`, `make a cycle, which never begins: ${names}`);
  }
  if (nodes.length > 0 && list.every(({ forever }) => forever))
    report(`${inside}nodes`, "all run forever, so that the graph would never end: one has to be without `forever`");
  for (const [i, placed] of nodes.entries()) {
    const waiting = order.after[i]?.[0];
    if (placed.node.forever && waiting)
      report(`${placed.at}.forever`, `holds up ${list[waiting.node]?.id}, which waits for it and would never begin`);
    // In a graph with a cycle nothing can be said about what comes before what.
    if (!cycle) checkReferences(placed, i, order, report);
  }
}

function checkReferences({ at, node }: PlacedNode, index: number, order: GraphOrder, report: Report): void {
  let ancestors: ReadonlySet<number> | undefined;
  for (const [name, param] of Object.entries(node.params ?? {})) {
    for (const { from } of referencesOf(param)) {
      const where = `${at}.params.${name}`;
      const source = order.indexOf.get(from);
      if (source === undefined) {
        const near = suggestName(from, order.indexOf.keys(), "Name one of its nodes");
        report(where, `takes the result of "${from}", which is no node of the graph. ${near}`);
        continue;
      }
      // Most references lead to a neighbour.
      const before = (order.before[index] ?? []).map((arc) => arc.node);
      if (before.includes(source)) continue;
      ancestors ??= reachedBy(order.before, before);
      if (!ancestors.has(source))
        report(where, `takes the result of "${from}", which need not be over: add an edge from it to "${node.id}"`);
    }
  }
}
