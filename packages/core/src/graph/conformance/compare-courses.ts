/**
 * Two courses of one flow with equal parameters. A body depends on nothing but what it gets, so that up to where they part
 * they differ only by what some steps gave; what is different then, a parameter or whether a call comes at all, is the
 * effect of those steps, and edges must say so.
 */
import type { BodyCourse, CourseEvent } from "./body-course.js";
import { leadsToCall } from "./check-decision.js";
import { leadsToParam } from "./check-values.js";
import type { GraphRules } from "./graph-rules.js";
import type { Cause, TracedCall } from "./traced-call.js";
import type { Violation } from "./violation.js";

/** What the graph does not say of the difference between two courses. */
export function compareCourses(rules: GraphRules, one: BodyCourse, other: BodyCourse): readonly Violation[] {
  if (one.params !== other.params) return [];
  /** Outcomes that are not the same in both. */
  const differing: Cause[] = [];
  const prefix: CourseEvent[] = [];
  for (const [at, a] of one.events.entries()) {
    const b = other.events[at];
    if (!b || nameOf(a) !== nameOf(b)) break;
    prefix.push(a);
    if (a.kind === "settle" && b.kind === "settle" && a.value !== b.value) differing.push(a.outcome);
    if (a.kind !== "issue" || b.kind !== "issue" || differing.length === 0) continue;
    for (const path of differences(a.given, b.given)) {
      if (differing.some((origin) => leadsToParam(rules, { call: a.call, origin, path }))) continue;
      // What plain code throws says what it was given.
      if (differing.some(({ node, port }) => port === "result" && rules.handles(node.id, a.call.node.id))) continue;
      return [{ kind: "swayed", node: a.call.node, sources: nodesOf(differing), param: path.join(".") }];
    }
  }
  if (differing.length === 0 || !one.whole || !other.whole) return [];
  return [...undecided([one, other]), ...undecided([other, one])];

  /** The first call of a course where it parts from the other, if its node is called less often there. */
  function undecided([here, there]: readonly [BodyCourse, BodyCourse]): readonly Violation[] {
    const first = here.events[prefix.length];
    if (first?.kind !== "issue" || countOf(there, first.call) >= countOf(here, first.call)) return [];
    // If calls of its node come there after all, what happens here may be why there are more.
    const shifted = there.events.some((event) => nameOf(event) === nameOf(first));
    const later = [there, ...(shifted ? [here] : [])].flatMap((c) => c.events.slice(prefix.length).flatMap(outcomesOf));
    // A failure ends what it ends, by whatever way.
    if (later.some(({ port }) => port === "error")) return [];
    const decisions = { call: first.call, deciders: [...differing, ...later], before: prefix };
    if (leadsToCall(rules, decisions)) return [];
    return [{ kind: "undecided", node: first.call.node, sources: nodesOf(differing) }];
  }
}

function countOf({ events }: BodyCourse, { node }: TracedCall): number {
  return events.filter((event) => event.kind === "issue" && event.call.node === node).length;
}

function outcomesOf(event: CourseEvent): readonly Cause[] {
  return event.kind === "settle" ? [event.outcome] : [];
}

function nameOf(event: CourseEvent): string {
  if (event.kind === "issue") return `issue ${event.call.name}`;
  return `settle ${event.outcome.name} ${event.outcome.port}`;
}

function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => path.split("."));
}

function nodesOf(outcomes: readonly Cause[]): readonly TracedCall["node"][] {
  return [...new Set(outcomes.map(({ node }) => node))];
}
