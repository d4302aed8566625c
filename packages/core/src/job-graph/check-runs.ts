/** The third stage of reading a job graph: that what its nodes run is there, and takes what it is given. */

import type { JsonSchema } from "../json-schema/json-schema.js";
import { resolveRef } from "../json-schema/resolve-ref.js";
import type { FlowEntry, TaskEntry } from "../manifest/manifest.js";
import { suggestName } from "../names/did-you-mean.js";
import { nearestName } from "../names/nearest-name.js";
import { checkOptions } from "../options/merge-options.js";
import type { StepOptions } from "../options/step-options.js";
import { Secret } from "../secrets/secret.js";
import { isObject } from "../values/is-object.js";
import { commandSignature, type RunSignature } from "./command-signature.js";
import type { Report } from "./issue.js";
import type { JobBuild } from "./job-build.js";
import type { JobNode, JobParam } from "./job-graph.js";
import { parsePath } from "./job-reference.js";
import type { PlacedNode } from "./read-shape.js";

/** What a graph is read against. */
export interface JobGraphSurroundings extends JobBuild {
  /** The functions that `local` nodes can run, by name. */
  readonly locals: Pick<ReadonlyMap<string, unknown>, "has"> & { keys(): Iterable<string> };
}

/** Options of nodes that run graphs. */
const GRAPH_OPTIONS: readonly string[] = ["timeout", "version", "tags"];
/** Options of nodes that run local functions. */
const LOCAL_OPTIONS: readonly string[] = ["timeout", "version", "tags"];

/** Options that have a meaning in threads alone. */
const THREAD_OPTIONS: readonly string[] = ["io", "isolate", "memory"];

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
      const otherwise = `Give it to the engine, openEngine({ locals: { … } }) or engine.local("${run.local}", …), or to the run that goes on: engine.resume(id, { locals }), scheduler.resume(engine, id)`;
      report(
        `${at}.run.local`,
        `is "${run.local}", and the engine has no such function. ${suggestName(run.local, around.locals.keys(), otherwise)}`,
      );
    }
    checkFew(options, LOCAL_OPTIONS, `${at}.options`, report);
  }
  const signature = commandSignature(run);
  if (signature) checkCommand({ at, node }, signature, { check: around.check, report });
}

function checkCommand(
  { at, node }: Pick<PlacedNode, "at" | "node">,
  signature: RunSignature,
  { check, report }: Pick<JobGraphSurroundings, "check"> & { readonly report: Report },
): void {
  const { params = {}, options = {} } = node;
  checkParams(params, signature, check, (path, message, within) => report(`${at}.params${path}`, message, within));
  for (const [path, name] of variablesOf(params))
    if (!/^[A-Za-z_]\w*$/.test(name))
      report(`${at}.params.${path}`, `sets "${name}", which is no name of a variable: letters, digits and _`);
  for (const [path, param] of Object.entries(params))
    if (holdsSecret(param))
      report(`${at}.params.${path}`, "holds a secret, and commands hold none: let it read the variable or file itself");
  checkOptionsOf({ at, options, kind: "task" }, report);
  for (const name of THREAD_OPTIONS)
    if (Object.hasOwn(options, name)) report(`${at}.options.${name}`, "has no meaning here: commands run in no thread");
}

/** The variables that `env` names, each with the parameter that holds it. */
function variablesOf(params: Readonly<Record<string, JobParam>>): readonly (readonly [path: string, name: string])[] {
  return Object.entries(params).flatMap(([path, param]) => {
    const [name, variable] = parsePath(path) ?? [];
    if (name !== "env") return [];
    if (variable !== undefined) return [[path, variable] as const];
    const held = "fields" in param ? param.fields : "value" in param ? param.value : undefined;
    if (!isObject(held)) return [];
    return Object.keys(held).map((key) => [path, key] as const);
  });
}

/** Values may contain themselves until they are encoded. */
const DEEPEST = 32;

function holdsSecret(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return false;
  return Secret.isSecret(value) || Object.values(value).some((part) => holdsSecret(part, depth + 1));
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
  { id, paramsSchema, params: declared }: Pick<RunSignature, "id" | "paramsSchema" | "params">,
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
