/** The third stage of reading a job graph: that what its nodes run is there, and takes what it is given. */

import type { JsonSchema } from "../json-schema/json-schema.js";
import { resolveRef } from "../json-schema/resolve-ref.js";
import type { FlowEntry, Manifest, TaskEntry } from "../manifest/manifest.js";
import { suggestName } from "../names/did-you-mean.js";
import { nearestName } from "../names/nearest-name.js";
import { checkOptions } from "../options/merge-options.js";
import type { StepOptions } from "../options/step-options.js";
import type { Report } from "./issue.js";
import type { JobNode, JobParam } from "./job-graph.js";
import type { PlacedNode } from "./read-shape.js";

/** What a graph is read against. */
export interface JobGraphSurroundings {
  readonly manifest: Pick<Manifest, "tasks" | "flows">;
  /** The functions that `local` nodes can run, by name. */
  readonly locals: Pick<ReadonlyMap<string, unknown>, "has"> & { keys(): Iterable<string> };
  /** What is wrong with a value by a schema: sentences, each with the path inside the value. */
  readonly check: (
    schema: JsonSchema,
    value: unknown,
  ) => readonly { readonly path: string; readonly message: string }[];
}

/** Options of nodes that run graphs. */
const GRAPH_OPTIONS: readonly string[] = ["timeout", "version", "tags"];
/** Options of nodes that run local functions. */
const LOCAL_OPTIONS: readonly string[] = ["timeout", "version", "tags"];

/** Parameters of nodes that run commands. */
const SHELL_PARAMS: readonly string[] = ["cwd", "env", "stdin", "stdout", "stderr", "hints"];
/** Parameters of nodes that run containers. */
const CONTAINER_PARAMS: readonly string[] = [...SHELL_PARAMS, "args", "digest", "name", "host"];
/** Options that have a meaning in threads alone. */
const THREAD_OPTIONS: readonly string[] = ["io", "isolate", "memory", "transfer"];

/** Looks at what one node runs. */
export function checkRun({ at, node }: PlacedNode, around: JobGraphSurroundings, report: Report): void {
  const { run, options = {} } = node;
  if ("task" in run) return checkCall({ at, node, kind: "task", id: run.task }, around, report);
  if ("flow" in run) return checkCall({ at, node, kind: "flow", id: run.flow }, around, report);
  if ("graph" in run) {
    if (Object.keys(node.params ?? {}).length > 0) report(`${at}.params`, "has no meaning: graphs take no parameters");
    return checkFew(options, GRAPH_OPTIONS, `${at}.options`, report);
  }
  if ("local" in run) {
    if (!around.locals.has(run.local)) {
      const otherwise = `Give it to the engine, openEngine({ locals: { … } }) or engine.local("${run.local}", …), or to the run that goes on, engine.resume(id, { locals })`;
      report(
        `${at}.run.local`,
        `is "${run.local}", and the engine has no such function. ${suggestName(run.local, around.locals.keys(), otherwise)}`,
      );
    }
    checkFew(options, LOCAL_OPTIONS, `${at}.options`, report);
  }
  if ("shell" in run) checkCommand({ at, node, known: SHELL_PARAMS, what: "a command" }, report);
  if ("container" in run) checkCommand({ at, node, known: CONTAINER_PARAMS, what: "a container" }, report);
}

interface CommandNode extends Pick<PlacedNode, "at" | "node"> {
  /** Names of parameters. */
  readonly known: readonly string[];
  readonly what: string;
}

function checkCommand({ at, node, known, what }: CommandNode, report: Report): void {
  for (const path of Object.keys(node.params ?? {})) {
    const [name = ""] = path.split(".");
    if (!known.includes(name))
      report(
        `${at}.params.${path}`,
        `is no parameter of ${what}. ${suggestName(name, known, `It takes ${known.join(", ")}`)}`,
      );
  }
  const { options = {} } = node;
  checkOptionsOf({ at, options, kind: "task" }, report);
  for (const name of THREAD_OPTIONS)
    if (Object.hasOwn(options, name)) report(`${at}.options.${name}`, "has no meaning here: commands run in no thread");
}

interface Call {
  readonly at: string;
  readonly node: JobNode;
  readonly kind: "task" | "flow";
  readonly id: string;
}

function checkCall({ at, node, kind, id }: Call, { manifest, check }: JobGraphSurroundings, report: Report): void {
  const entries: Readonly<Record<string, TaskEntry | FlowEntry>> = kind === "task" ? manifest.tasks : manifest.flows;
  const entry = Object.hasOwn(entries, id) ? entries[id] : undefined;
  if (!entry) {
    const advice = suggestName(id, Object.keys(entries), "If it is new or renamed, run `flow build`");
    report(`${at}.run.${kind}`, `is "${id}", and the build has no such ${kind}. ${advice}`);
  } else
    checkParams(node.params ?? {}, entry, check, (path, message, within) =>
      report(`${at}.params${path}`, message, within),
    );
  checkOptionsOf({ at, options: node.options ?? {}, kind }, report);
}

function checkOptionsOf(
  { at, options, kind }: Pick<Call, "at" | "kind"> & { readonly options: StepOptions },
  report: Report,
): void {
  if (isNamed(options)) report(`${at}.options.name`, "has no meaning here: the id of a node is its name");
  for (const issue of checkOptions(options, kind)) {
    const path = issue.path === "" ? "" : `.${issue.path}`;
    report(`${at}.options${path}`, issue.message);
  }
}

/** Which parameters there are, and those whose value stands in the graph. What comes from a result is checked when it is there. */
function checkParams(
  params: Readonly<Record<string, JobParam>>,
  { id, paramsSchema, params: declared }: TaskEntry | FlowEntry,
  check: JobGraphSurroundings["check"],
  report: Report,
): void {
  const given = new Set(Object.keys(params).map((path) => path.split(".")[0] ?? ""));
  const names = declared.map(({ name }) => name);
  const schema = resolveRef(paramsSchema, paramsSchema) ?? paramsSchema;
  const known = schema.properties ?? {};
  const unknown = [...given].filter((name) => !Object.hasOwn(known, name) && schema.additionalProperties === false);
  // What is misspelt is not missing, too.
  const meant = new Set(unknown.map((name) => nearestName(name, names)));
  for (const name of schema.required ?? [])
    if (!given.has(name) && !meant.has(name)) report("", `lacks "${name}", which ${id} needs`);
  for (const name of unknown)
    report(
      `.${name}`,
      `is no parameter of ${id}. ${suggestName(name, names, `It takes ${names.join(", ") || "none"}`)}`,
    );
  for (const [path, param] of Object.entries(params)) {
    const property = Object.hasOwn(known, path) ? known[path] : undefined;
    if (!("value" in param) || !property) continue;
    for (const issue of check(withDefinitions(property, paramsSchema), param.value))
      report(`.${path}`, `cannot be used: ${issue.message}`, issue.path);
  }
}

/** Made once for each schema of a property, so that whoever checks can keep what he makes of it. */
const documents = new WeakMap<JsonSchema, JsonSchema>();

function withDefinitions(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (!root.$defs) return schema;
  let document = documents.get(schema);
  if (!document) {
    document = { ...schema, $defs: root.$defs };
    documents.set(schema, document);
  }
  return document;
}

function checkFew(options: StepOptions, known: readonly string[], at: string, report: Report): void {
  const issues = checkOptions(options);
  for (const { path, message } of issues) report(path === "" ? at : `${at}.${path}`, message);
  if (issues.length > 0) return;
  for (const name of Object.keys(options))
    if (!known.includes(name))
      report(`${at}.${name}`, `has no meaning here; the options of such nodes are ${known.join(", ")}`);
}

/** Options have not been checked here, and may be anything. */
function isNamed(options: unknown): boolean {
  return typeof options === "object" && options !== null && Object.hasOwn(options, "name");
}
