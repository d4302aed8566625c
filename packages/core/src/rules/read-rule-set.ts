/** Reads what claims to be a rule set: its form, what its rules run, what they refer to. Finds all that is wrong, throws once. */
import { checkRun, type JobGraphSurroundings } from "../job-graph/check-runs.js";
import { type JobGraphIssue, type Refusal, type Report, refusal, reportTo } from "../job-graph/issue.js";
import type { JobNode, JobRun } from "../job-graph/job-graph.js";
import { isNodeId } from "../job-graph/job-reference.js";
import { readFields, readList, shown } from "../job-graph/read-fields.js";
import { readParams } from "../job-graph/read-params.js";
import { readRun } from "../job-graph/read-shape.js";
import { suggestName } from "../names/did-you-mean.js";
import { parseDuration } from "../options/duration.js";
import { isObject } from "../values/is-object.js";
import { checkReferences, readNext } from "./read-next.js";
import {
  RULE_LIMITS,
  RULES_VERSION,
  type RuleOnError,
  type RuleSet,
  type RuleSpec,
  UNMATCHED_POLICIES,
} from "./rule-set.js";

/**
 * The rule set, once nothing is wrong with it.
 * @throws MillraceError `rules-invalid`, whose data lists every issue with its path.
 */
export function readRuleSet(given: unknown, around: JobGraphSurroundings): RuleSet {
  const issues: JobGraphIssue[] = [];
  checkSet(given, around, reportTo(issues));
  if (issues.length > 0) throw refusal(issues, refusalOf("rule set"));
  // Checked above: whatever is no rule set has been reported.
  return given as RuleSet;
}

/**
 * One rule, for a set that goes on. `variables`: those of the set.
 * @throws MillraceError `rules-invalid`.
 */
export function readRule(given: unknown, variables: RuleSet["variables"], around: JobGraphSurroundings): RuleSpec {
  const issues: JobGraphIssue[] = [];
  checkRule(given, { at: "", variables, around, report: reportTo(issues) });
  if (issues.length > 0) throw refusal(issues, refusalOf("rule"));
  return given as RuleSpec;
}

/** Takes down all that is wrong with a rule set. */
function checkSet(given: unknown, around: JobGraphSurroundings, report: Report): void {
  const known = ["version", "name", "rules", "tokens", "variables", "unmatched", "limits", "window", "timeout", "open"];
  const fields = readFields(given, { at: "", what: "a rule set: { version, rules, tokens }", known, report });
  if (!fields) return;
  const { version, name, rules, tokens, variables, unmatched, limits, window, timeout, open } = fields;
  if (version !== RULES_VERSION) report("version", `must be ${RULES_VERSION}, not ${shown(version)}`);
  if (name !== undefined && (typeof name !== "string" || name === "")) report("name", "must be a non-empty string");
  if (!UNMATCHED_POLICIES.some((policy) => policy === (unmatched ?? "ignore")))
    report("unmatched", `must be ${UNMATCHED_POLICIES.join(", ")}, not ${shown(unmatched)}`);
  if (timeout !== undefined && parseDuration(timeout) === undefined)
    report("timeout", 'must be milliseconds or a duration such as "30s"');
  if (window !== undefined && !isCount(window))
    report("window", `must be a number of firings, 1 or more, not ${shown(window)}`);
  if (open !== undefined && typeof open !== "boolean") report("open", "must be true or false");
  if (variables !== undefined && !isObject(variables)) report("variables", "must be an object of values by name");
  checkLimits(limits, report);
  const named = isObject(variables) ? variables : undefined;
  const read = readList(rules, "rules", report).flatMap(
    ([at, rule]) => checkRule(rule, { at, variables: named, around, report }) ?? [],
  );
  if (Array.isArray(rules) && rules.length === 0) report("rules", "is empty: nothing can match");
  checkTwins(
    read.map(({ at, name: id }) => [`${at}.name`, id]),
    "names",
    report,
  );
  checkTokens(tokens, report);
  if (typeof name === "string" && Object.hasOwn(around.manifest.flows, name))
    report("name", `is "${name}", and so is a flow's: nobody could tell their runs apart`);
}

function checkLimits(limits: unknown, report: Report): void {
  if (limits === undefined) return;
  const known = Object.keys(RULE_LIMITS);
  const fields = readFields(limits, { at: "limits", what: `limits: { ${known.join(", ")} }`, known, report });
  for (const name of known)
    if (fields?.[name] !== undefined && !isCount(fields[name]))
      report(`limits.${name}`, `must be a number, 1 or more, not ${shown(fields[name])}`);
}

function checkTokens(tokens: unknown, report: Report): void {
  const ids = readList(tokens, "tokens", report).flatMap(([at, token], n): [string, string][] => {
    const fields = readFields(token, { at, what: "a token: { id?, body }", known: ["id", "body"], report });
    if (!fields) return [];
    const { id = String(n), body } = fields;
    if (!isObject(body)) report(`${at}.body`, `must be an object, not ${shown(body)}`);
    if (typeof id === "string" && id !== "") return [[`${at}.id`, id]];
    report(`${at}.id`, `must be a text, not ${shown(id)}`);
    return [];
  });
  checkTwins(ids, "ids", report);
}

function checkTwins(named: readonly (readonly [string, string])[], what: string, report: Report): void {
  const first = new Map<string, string>();
  for (const [at, name] of named) {
    const twin = first.get(name);
    if (twin === undefined) first.set(name, at);
    else report(at, `is "${name}", as is ${twin}: ${what} are unique`);
  }
}

/** Where a rule stands, and what it is read against. */
interface RulePlace {
  /** Path of the rule; empty for a rule on its own. */
  readonly at: string;
  readonly variables: RuleSet["variables"];
  readonly around: JobGraphSurroundings;
  readonly report: Report;
}

const RULE_FIELDS = ["name", "filter", "run", "params", "options", "next", "onError"];

/** What is wrong with a rule; its name and path if it has one. */
function checkRule(given: unknown, place: RulePlace): { readonly at: string; readonly name: string } | undefined {
  const { at, report } = place;
  const fields = readFields(given, { at, what: "a rule: { name, filter, run, next }", known: RULE_FIELDS, report });
  if (!fields) return undefined;
  const { name, filter, run, params, next } = fields;
  const path = (field: string): string => (at === "" ? field : `${at}.${field}`);
  if (filter !== undefined && !isObject(filter)) report(path("filter"), `must be an object, not ${shown(filter)}`);
  const runs =
    isObject(run) && "rule" in run ? checkClass(run, fields, place) : run === undefined || checkWork(fields, place);
  if (filter === undefined && !(isObject(run) && "rule" in run))
    report(path("filter"), "is left out: say which tokens it matches, {} for all");
  if (run === undefined && params !== undefined) report(path("params"), "has no meaning: nothing runs that takes them");
  if (run === undefined && fields.options !== undefined) report(path("options"), "has no meaning: nothing runs");
  if (runs && next !== undefined) {
    const known = ["token", "vars", "result"];
    for (const [where, one] of readList(next, path("next"), report)) readNext(one, where, { ...place, known });
  }
  checkOnError(fields.onError, path("onError"), place, fields);
  if (isNodeId(name)) return { at, name };
  report(path("name"), `must be a text without spaces, dots, slashes, quotes, brackets and $, not ${shown(name)}`);
  return undefined;
}

/** A rule class of the build. */
function checkClass(
  run: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>>,
  place: RulePlace,
): boolean {
  const { at, around, report } = place;
  const inside = at === "" ? "" : `${at}.`;
  readFields(run, {
    at: `${inside}run`,
    what: 'what the rule runs, such as { rule: "Follow" }',
    known: ["rule"],
    report,
  });
  const { tasks } = around.manifest;
  const rules = Object.values(tasks).filter(({ rule }) => rule !== undefined);
  if (!rules.some(({ id }) => id === run.rule)) {
    const advice = suggestName(
      String(run.rule),
      rules.map(({ id }) => id),
      "If it is new or renamed, run `flow build`",
    );
    report(`${inside}run.rule`, `is ${shown(run.rule)}, and the build has no such rule. ${advice}`);
  } else checkCalled({ task: String(run.rule) }, { ...fields, params: { token: { from: "token" } } }, place);
  for (const field of ["params", "next"])
    if (fields[field] !== undefined)
      report(`${inside}${field}`, "has no meaning: a rule class is given the token, and gives the tokens that follow");
  return false;
}

function checkWork(fields: Readonly<Record<string, unknown>>, place: RulePlace): boolean {
  const { at, report } = place;
  const inside = at === "" ? "" : `${at}.`;
  const run = readRun(fields.run, `${inside}run`, report);
  if (!run) return true;
  if ("graph" in run) report(`${inside}run.graph`, "has no meaning: a rule runs one thing, such as { flow }");
  else checkCalled(run, fields, place);
  return true;
}

/** That what runs is there, and takes what it is given. */
function checkCalled(
  run: JobRun,
  fields: Readonly<Record<string, unknown>>,
  { at, variables, around, report }: RulePlace,
): void {
  const inside = at === "" ? "" : `${at}.`;
  const params = fields.params === undefined ? {} : readParams(fields.params, `${inside}params`, report);
  for (const [name, param] of Object.entries(params))
    checkReferences(param, `${inside}params.${name}`, { variables, report, known: ["token", "vars"] });
  const node: JobNode = {
    id: String(fields.name),
    run,
    params,
    ...(fields.options === undefined ? {} : { options: fields.options as NonNullable<JobNode["options"]> }), // checked below
  };
  // Paths begin with that of the rule, which may be none.
  checkRun({ at: "", node, inner: undefined }, around, (path, message, within) =>
    report(`${inside}${path.replace(/^\./, "")}`, message, within),
  );
}

function checkOnError(given: unknown, at: string, place: RulePlace, { run }: Readonly<Record<string, unknown>>): void {
  if (given === undefined) return;
  const { report } = place;
  const fields = readFields(given, { at, what: "{ repeat, next }", known: ["repeat", "next"], report }) as
    | RuleOnError
    | undefined;
  if (fields?.repeat !== undefined && !isCount(fields.repeat))
    report(`${at}.repeat`, `must be a number, 1 or more, not ${shown(fields.repeat)}`);
  if (fields?.repeat !== undefined && (!isObject(run) || "local" in run || "flow" in run))
    report(`${at}.repeat`, "has no meaning here: what is tried again is a task, a rule class or a command");
  if (fields?.next === undefined) return;
  const known = ["token", "vars", "error"];
  for (const [where, one] of readList(fields.next, `${at}.next`, report)) readNext(one, where, { ...place, known });
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function refusalOf(what: "rule set" | "rule"): Refusal {
  const named = `The ${what}`;
  return { code: "rules-invalid", summary: `${named} cannot be used`, whole: named, page: "docs/rules.md" };
}
