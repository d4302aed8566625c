/** The first stage of reading a job graph: what has its form. What has not is reported and left out, so that the next stages see causes alone. */
import { suggestName } from "../names/did-you-mean.js";
import { parseDuration } from "../options/duration.js";
import type { Report } from "./issue.js";
import {
  FAILURE_POLICIES,
  type FailurePolicy,
  JOB_GRAPH_VERSION,
  type JobEdge,
  type JobNode,
  type JobRun,
} from "./job-graph.js";
import { isNodeId } from "./job-reference.js";
import { readFields, readList, shown } from "./read-fields.js";
import { readParams } from "./read-params.js";

/** How deep graphs may stand in each other. */
const MAX_DEPTH = 32;

/** A node and where it stands in the document. */
export interface PlacedNode {
  readonly at: string;
  readonly node: JobNode;
  /** The graph that it runs, if it runs one. */
  readonly inner: GraphShape | undefined;
}

/** What has its form. */
export interface GraphShape {
  readonly at: string;
  readonly policy: FailurePolicy;
  readonly nodes: readonly PlacedNode[];
  /** Those whose nodes there are. */
  readonly edges: readonly JobEdge[];
}

/** Reads a graph. `at`: path of the graph, empty for the document. */
export function readShape(given: unknown, report: Report, at = "", depth = 0): GraphShape | undefined {
  const inside = at === "" ? "" : `${at}.`;
  if (depth > MAX_DEPTH) return void report(at, `stands ${depth} graphs deep, and ${MAX_DEPTH} is the limit`);
  const known = ["version", "name", "policy", "timeout", "window", "nodes", "edges"];
  const fields = readFields(given, { at, what: "a job graph: { version, nodes, edges }", known, report });
  if (!fields) return undefined;
  const { version, name, policy, timeout, window, nodes, edges } = fields;
  if (version !== JOB_GRAPH_VERSION) report(`${inside}version`, `must be ${JOB_GRAPH_VERSION}, not ${shown(version)}`);
  if (name !== undefined && (typeof name !== "string" || name === ""))
    report(`${inside}name`, "must be a non-empty string");
  if (timeout !== undefined && parseDuration(timeout) === undefined)
    report(`${inside}timeout`, 'must be milliseconds or a duration such as "30s"');
  if (window !== undefined && !(Number.isSafeInteger(window) && Number(window) >= 1))
    report(`${inside}window`, `must be a number of nodes, 1 or more, not ${shown(window)}`);
  const placed = readList(nodes, `${inside}nodes`, report).flatMap(
    ([where, node]) => readNode(node, where, report, depth) ?? [],
  );
  if (Array.isArray(nodes) && nodes.length === 0) report(`${inside}nodes`, "is empty: there is nothing to run");
  const unique = withoutTwins(placed, report);
  const ids = new Set(unique.map(({ node }) => node.id));
  return {
    at,
    policy: readPolicy(policy, `${inside}policy`, report) ?? "skip-dependents",
    nodes: unique,
    edges: readList(edges, `${inside}edges`, report).flatMap(
      ([where, edge]) => readEdge(edge, where, ids, report) ?? [],
    ),
  };
}

function readNode(given: unknown, at: string, report: Report, depth: number): PlacedNode | undefined {
  const known = ["id", "run", "params", "options", "critical", "forever"];
  const fields = readFields(given, { at, what: "a node: { id, run }", known, report });
  if (!fields) return undefined;
  const { id, params = {}, critical, forever } = fields;
  for (const [name, flag] of Object.entries({ critical, forever }))
    if (flag !== undefined && typeof flag !== "boolean") report(`${at}.${name}`, "must be true or false");
  const run = readRun(fields.run, `${at}.run`, report);
  const inner = run && "graph" in run ? readShape(run.graph, report, `${at}.run.graph`, depth + 1) : undefined;
  const read = readParams(params, `${at}.params`, report);
  if (!isNodeId(id)) {
    const rule = "a text without spaces, dots, slashes, quotes, brackets and $";
    return void report(`${at}.id`, `must be ${rule}, not ${shown(id)}`);
  }
  if (!run) return undefined;
  // Options are checked with what is called; the other fields have been looked at above.
  return { at, inner, node: { ...(fields as unknown as JobNode), run, params: read } };
}

const RUNS = ["task", "flow", "graph", "local", "shell", "container"];
/** What a text has to be that is no name. */
const TEXTS: Readonly<Record<string, string>> = { shell: "must be a command", container: "must be an image" };

/** What a node runs. */
export function readRun(given: unknown, at: string, report: Report): JobRun | undefined {
  const fields = readFields(given, { at, what: 'what the node runs, such as { task: "Fetch" }', known: RUNS, report });
  if (!fields) return undefined;
  const kinds = RUNS.filter((kind) => fields[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) return void report(at, `must have one of ${RUNS.join(", ")}`);
  if (kind !== "graph" && (typeof fields[kind] !== "string" || fields[kind] === ""))
    return void report(`${at}.${kind}`, TEXTS[kind] ?? "must be a name");
  return fields as unknown as JobRun;
}

function readEdge(given: unknown, at: string, ids: ReadonlySet<string>, report: Report): JobEdge | undefined {
  const fields = readFields(given, { at, what: "an edge: { from, to }", known: ["from", "to", "policy"], report });
  if (!fields) return undefined;
  readPolicy(fields.policy, `${at}.policy`, report);
  const ends = (["from", "to"] as const).map((end) => {
    const id = fields[end];
    if (typeof id === "string" && ids.has(id)) return true;
    report(
      `${at}.${end}`,
      `is no node of the graph: ${shown(id)}. ${suggestName(String(id), ids, "Name one of its nodes")}`,
    );
    return false;
  });
  return ends.every(Boolean) ? (fields as unknown as JobEdge) : undefined;
}

function readPolicy(given: unknown, at: string, report: Report): FailurePolicy | undefined {
  const policy = FAILURE_POLICIES.find((one) => one === given);
  if (given !== undefined && policy === undefined)
    report(at, `must be ${FAILURE_POLICIES.join(", ")}, not ${shown(given)}`);
  return policy;
}

function withoutTwins(nodes: readonly PlacedNode[], report: Report): readonly PlacedNode[] {
  const first = new Map<string, PlacedNode>();
  for (const placed of nodes) {
    const { id } = placed.node;
    const twin = first.get(id);
    if (twin) report(`${placed.at}.id`, `is "${id}", as is ${twin.at}.id: ids are unique`);
    else first.set(id, placed);
  }
  return [...first.values()];
}
