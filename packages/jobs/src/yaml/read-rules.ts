/** A job of rules: `rules`, `tokens` and `variables` of its file, as a rule set. */
import {
  type GivenToken,
  type JobGraph,
  type JobParam,
  RULES_VERSION,
  type RuleLimits,
  type RuleSet,
  type RuleSpec,
  referencesOf,
  UNMATCHED_POLICIES,
} from "@millrace/core";
import { FieldReader, fieldsOf, flagOf, integerOf, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import { readRule } from "./read-rule.js";
import type { SourceMap } from "./source-map.js";
import { type FieldsTree, plainValue, type Tree, wholeField } from "./tree.js";

/** What the job is besides its tasks or rules. */
export type JobSettings = Pick<JobGraph, "name" | "policy" | "timeout" | "window">;

/** Fields of a file with rules, beside those of every job file. */
export const RULES_FIELDS: readonly string[] = ["rules", "tokens", "variables", "unmatched", "limits", "open"];

const LIMITS: readonly (keyof RuleLimits)[] = ["depth", "tokens", "stack"];

/** Reads them. What they lead to is checked with the set. `wholly`: there are no other fields, which may be misspelt ones of these. */
export function readRules(
  job: FieldsTree,
  { wholly, ...settings }: JobSettings & { readonly wholly: boolean },
  places: SourceMap,
  report: ReportFinding,
): RuleSet | undefined {
  const fields = new FieldReader(job, "", report);
  places.set("", { name: "The job", span: job.span });
  for (const name of RULES_FIELDS) {
    const field = fields.field(name);
    places.set(name, { name, span: field?.key ?? job.span });
  }
  const entries = fields.take("rules", "a mapping of rules by name", fieldsOf);
  const unmatched = fields.take("unmatched", `one of ${UNMATCHED_POLICIES.join(", ")}`, (tree) =>
    UNMATCHED_POLICIES.find((policy) => policy === textOf(tree)),
  );
  const open = fields.take("open", "true or false", flagOf);
  const limits = readLimits(fields, places, report);
  const variables = fields.take("variables", "a mapping of values by name", fieldsOf);
  const tokens = fields.take("tokens", "a list of tokens", (tree) => tokensOf(tree, places)) ?? [];
  const { name, timeout, window } = settings;
  if (!entries) return undefined;
  const rules = [...entries.fields].flatMap(([id, entry], index): RuleSpec[] => {
    const rule = readRule(id, entry, { path: `rules[${index}]`, places, report });
    return rule ? [rule] : [];
  });
  return {
    version: RULES_VERSION,
    ...(name === undefined ? {} : { name }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(window === undefined ? {} : { window }),
    ...(unmatched === undefined ? {} : { unmatched }),
    ...(open === undefined ? {} : { open }),
    ...(limits === undefined ? {} : { limits }),
    ...(variables ? { variables: valuesOf(variables) } : wholly ? {} : { variables: variablesTaken(rules) }),
    rules,
    tokens,
  };
}

function valuesOf(variables: FieldsTree): Readonly<Record<string, unknown>> {
  // Made of a mapping.
  return plainValue(variables) as Readonly<Record<string, unknown>>;
}

/** Those that the rules name: that there are none would only follow from a misspelt field. */
function variablesTaken(rules: readonly RuleSpec[]): Readonly<Record<string, unknown>> {
  const params = rules.flatMap(({ params = {}, next = [], onError }) => [
    ...Object.values(params),
    ...[...next, ...(onError?.next ?? [])].flatMap((one): JobParam[] => Object.values(one)),
  ]);
  const taken = params.flatMap(referencesOf).filter(({ from }) => from === "vars");
  return Object.fromEntries(taken.flatMap(({ path: [name] }) => (name === undefined ? [] : [[name, null]])));
}

function readLimits(fields: FieldReader, places: SourceMap, report: ReportFinding): RuleLimits | undefined {
  const tree = fields.take("limits", `a mapping: ${LIMITS.join(", ")}`, fieldsOf);
  if (!tree) return undefined;
  const reader = new FieldReader(tree, "limits", report);
  reader.expect(LIMITS);
  const read = LIMITS.map((name) => {
    const field = reader.field(name);
    if (field) places.set(`limits.${name}`, { name: `limits.${name}`, span: wholeField(field) });
    return [name, reader.take(name, "a whole number from 1", integerOf)] as const;
  });
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/** Bodies, or `{ id, body }` for those with an id of their own. */
function tokensOf(tree: Tree, places: SourceMap): readonly GivenToken[] | undefined {
  if (tree.kind !== "list") return undefined;
  return tree.items.map((item, n) => {
    places.set(`tokens[${n}]`, { name: `tokens[${n}]`, span: item.span });
    const isGiven =
      item.kind === "fields" &&
      item.fields.has("body") &&
      [...item.fields.keys()].every((key) => key === "id" || key === "body");
    // What is no mapping is told by whoever reads the set.
    return (isGiven ? plainValue(item) : { body: plainValue(item) }) as GivenToken;
  });
}
