/** The schemas of calls of generic tasks and flows, by site: the part of the manifest that single calls decide. */
import type { CallSchemas } from "@millrace/core";
import type { GenericCall } from "../calls/generic-calls.js";
import type { Sites } from "../flows/sites.js";

/** Sites sorted; a call that no flow reaches has no site. */
export function callSchemas(calls: readonly GenericCall[], sites: Sites): CallSchemas {
  const entries = calls.flatMap(({ call, fact, schema }) => {
    const site = sites.get(call.node);
    return site === undefined ? [] : [[site, { [fact.declared.id]: schema.schema }] as const];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
