/** A job against a build: what it runs is there and takes what it is given. The finding stands where the YAML says it. */
import {
  checkRuleSet,
  compareDiagnostics,
  DIAGNOSTICS,
  type Diagnostic,
  isMillraceError,
  type JobBuild,
  type JobGraphIssue,
  type JobReference,
  type JsonSchema,
  type Manifest,
  type RuleSet,
  readJobGraph,
  readRuleSet,
} from "@millrace/core";
import type { Validator } from "@millrace/core/validate";
import { checkFields } from "../wiring/check-fields.js";
import { checkParts } from "../wiring/check-parts.js";
import { checkReferences } from "../wiring/check-references.js";
import { checkWatchers } from "./check-watchers.js";
import { jobDiagnostic } from "./findings.js";
import type { JobReading } from "./read-job.js";
import type { JobPlace, SourceMap } from "./source-map.js";

/** All that is wrong with a job, what its reading has found included. */
export async function checkJob(reading: JobReading, manifest: JobBuild["manifest"]): Promise<readonly Diagnostic[]> {
  return jobFindings(reading, { manifest, check: await schemaCheck() });
}

/** The same where the check of values is there already. */
export function jobFindings(
  { document, places, diagnostics: read, watchers, root }: JobReading,
  { manifest, check }: JobBuild,
): readonly Diagnostic[] {
  const diagnostics = [...read, ...checkWatchers({ watchers, places, root }, check)];
  if (!document) return diagnostics.sort(compareDiagnostics);
  const surroundings = { manifest, locals: new Map(), check };
  if ("rules" in document) {
    const wrong = issuesIn("rules-invalid", () => readRuleSet(document.rules, surroundings));
    const found = wrong.flatMap((issue) => located(issue, places, "job-invalid") ?? []);
    const judged = wrong.length > 0 ? [] : judgedRules(document.rules, manifest, places);
    return [...diagnostics, ...found, ...judged].sort(compareDiagnostics);
  }
  const { graph } = document;
  const misspelt = checkFields(graph, manifest);
  const isMeant = (issue: JobGraphIssue): boolean =>
    misspelt.some(({ path, meant }) => path === issue.path && meant !== undefined && meant === issue.within);
  const wrong = issuesIn("job-graph-invalid", () => readJobGraph(graph, surroundings)).filter(
    (issue) => !isMeant(issue),
  );
  const found = [
    ...wrong.map((issue) => located(issue, places, "job-invalid")),
    ...misspelt.map((issue) => located(issue, places, "job-invalid")),
    ...checkParts(graph, manifest, check).map((issue) => located(issue, places, "job-invalid")),
    ...checkReferences(graph, manifest, referenceInYaml).map((issue) =>
      located(issue, places, "job-reference-invalid"),
    ),
  ];
  return [...diagnostics, ...found.flatMap((one) => one ?? [])].sort(compareDiagnostics);
}

/** Checks values by schemas, each compiled once. What compiles them is heavy, and loaded when it is needed. */
async function schemaCheck(): Promise<JobBuild["check"]> {
  const { compileValidator } = await import("@millrace/core/validate");
  const validators = new Map<JsonSchema, Validator>();
  return (schema, value) => {
    const validate = validators.get(schema) ?? compileValidator(schema);
    validators.set(schema, validate);
    return validate(value);
  };
}

function referenceInYaml({ from, path }: JobReference): string {
  return ["tasks", from, "result", ...path].join(".");
}

/** What is not wrong with a set, but may not be meant. */
function judgedRules(set: RuleSet, manifest: Pick<Manifest, "tasks">, places: SourceMap): readonly Diagnostic[] {
  return checkRuleSet(manifest, set).flatMap(({ code, path, message, hint, data }): Diagnostic[] => {
    const place = places.find(path);
    if (!place || place.open) return [];
    return [{ code, severity: DIAGNOSTICS[code].severity, message, hint, span: place.span, related: [], data }];
  });
}

/** What a reader of documents finds. */
function issuesIn(code: "job-graph-invalid" | "rules-invalid", read: () => unknown): readonly JobGraphIssue[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!isMillraceError(error) || error.code !== code) throw error;
    // Put there by the reader.
    return (error.data as { readonly issues: readonly JobGraphIssue[] }).issues;
  }
}

/** Undefined where a variable has no value yet, or the place itself has been found wrong. */
function located(
  { path, message, within = "" }: JobGraphIssue,
  places: SourceMap,
  code: "job-invalid" | "job-reference-invalid",
): Diagnostic | undefined {
  const whole = places.find(path);
  const place: JobPlace | undefined =
    within === "" ? whole : places.find(`${path}${within.startsWith("[") ? "" : "."}${within}`);
  if (!whole || !place || whole.open) return undefined;
  return jobDiagnostic({ code, span: place.span, message: `"${whole.name}" ${message.replace(/(?<![.?!])$/, ".")}` });
}
