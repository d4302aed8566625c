/** Where a call's parameters come from: an object of a step arrives only where a data edge, or a value that a loop carries, leads. */
import type { GraphRules } from "./graph-rules.js";
import type { Cause, TracedCall } from "./traced-call.js";
import type { ValueOrigins } from "./value-origins.js";
import type { Violation } from "./violation.js";

/** Compares what a call is given with the data edges into it. */
export function checkValues(
  rules: GraphRules,
  call: TracedCall,
  { given, origins }: { readonly given: object; readonly origins: ValueOrigins<Cause> },
): readonly Violation[] {
  const found: Violation[] = [];
  for (const { origin, path } of origins.within(given)) {
    if (leadsToParam(rules, { call, origin, path })) continue;
    found.push({ kind: "untold", node: call.node, source: origin.node, param: path.join(".") });
  }
  return found;
}

interface Arrival {
  readonly call: TracedCall;
  readonly origin: Cause;
  readonly path: readonly string[];
}

/** True if a data edge says that a step gives what arrives at a path of a call's parameters, or if the graph does not know. */
export function leadsToParam(rules: GraphRules, { call, origin, path }: Arrival): boolean {
  for (const { node } of [call, origin]) if (node.kind === "dynamic" || rules.blurred(node.id)) return true;
  const [from, to] = [origin.node.id, call.node.id];
  const told = rules
    .into(to)
    .some((e) => e.kind === "data" && e.from === from && e.port === origin.port && covers(e.param, path));
  if (told) return true;
  return rules.index
    .ancestors(to)
    .some(
      (node) =>
        node.kind === "loop" && node.carries.some((c) => c.from === from && c.to === to && covers(c.param, path)),
    );
}

/** True if what lies at the path lies at or within the parameter, or holds it. */
function covers(param: string, path: readonly string[]): boolean {
  return param.split(".").every((name, at) => at >= path.length || name === path[at]);
}
