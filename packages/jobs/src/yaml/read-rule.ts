/** One entry of `rules`: what it matches, what runs, and what follows. */
import type { JobParam, NextToken, RuleOnError, RuleSpec, Token } from "@millrace/core";
import { FieldReader, fieldsOf, integerOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import { OPTION_FIELDS, readOptions } from "./read-options.js";
import { readNamedValues } from "./read-params.js";
import { RULE_RUNS, readRun } from "./read-run.js";
import { type References, ValueReader } from "./read-values.js";
import type { SourceMap } from "./source-map.js";
import { type Field, plainValue, type Tree, wholeField } from "./tree.js";

/** Fields of a rule. */
export const RULE_FIELDS: readonly string[] = [
  "filter",
  ...RULE_RUNS,
  "parameters",
  "next",
  "on_error",
  ...OPTION_FIELDS,
];

const NEXT_FIELDS = ["token", "back", "return", "each"] as const;

/** What an entry is read into. */
export interface RuleTarget {
  /** In the document: `rules[3]`. */
  readonly path: string;
  readonly places: SourceMap;
  readonly report: ReportFinding;
}

/** Reads an entry; undefined if it is no mapping. */
export function readRule(id: string, entry: Field, target: RuleTarget): RuleSpec | undefined {
  const { path, places, report } = target;
  const name = `rules.${id}`;
  const { key, value } = entry;
  if (value.kind !== "fields")
    return void report({
      code: "job-invalid",
      span: value.span,
      message: `"${name}" must be a mapping: { filter, task, next }.`,
    });
  const fields = new FieldReader(value, name, report);
  const wholly = fields.expect(RULE_FIELDS);
  places.set(path, { name, span: key });
  places.set(`${path}.name`, { name, span: key });
  const filter = fields.take("filter", "a mapping of what a token has", fieldsOf);
  const run = readRun(fields, RULE_RUNS, { path: `${path}.run`, places, report });
  const params = fields.take("parameters", "a mapping of parameters by name", fieldsOf);
  const taken = fields.field("parameters");
  const given = fields.field("filter");
  // What is wrong with a field itself, or with its name, has been said: that something is missing would only follow from it.
  places.set(`${path}.filter`, {
    name: fields.nameOf("filter"),
    span: given?.key ?? key,
    open: !filter && (given !== undefined || !wholly),
  });
  places.set(`${path}.params`, {
    name: fields.nameOf("parameters"),
    span: taken?.key ?? key,
    open: !params && (taken !== undefined || !wholly),
  });
  const within = { references: PARTS, path: `${path}.params`, name: fields.nameOf("parameters"), places, report };
  const options = readOptions(fields, { path: `${path}.options`, around: { name, span: key }, places, report });
  const next = readNext(fields, "next", { ...target, path: `${path}.next` });
  const onError = readOnError(fields, { ...target, path: `${path}.onError` });
  return {
    name: id,
    // Made of a mapping.
    ...(filter ? { filter: plainValue(filter) as Token } : {}),
    ...(run ? { run } : {}),
    ...(params ? { params: readNamedValues(params, within) } : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(next ? { next } : {}),
    ...(onError ? { onError } : {}),
  };
}

function readNext(fields: FieldReader, field: string, target: RuleTarget): readonly NextToken[] | undefined {
  const tree = fields.take(field, "a list of what follows: { token: … }", (one) =>
    one.kind === "list" ? one : undefined,
  );
  const key = fields.field(field)?.key;
  if (key) target.places.set(target.path, { name: fields.nameOf(field), span: key });
  return tree?.items.flatMap(
    (item, n) => readOne(item, fields.nameOf(`${field}[${n}]`), { ...target, path: `${target.path}[${n}]` }) ?? [],
  );
}

function readOne(tree: Tree, name: string, { path, places, report }: RuleTarget): NextToken | undefined {
  if (tree.kind !== "fields")
    return void report({
      code: "job-invalid",
      span: tree.span,
      message: `"${name}" must be a mapping: { token: … } or { return: … }.`,
    });
  const fields = new FieldReader(tree, name, report);
  // With a misspelt part, that it lacks one would only follow.
  const open = !fields.expect(NEXT_FIELDS);
  places.set(path, { name, span: tree.span, open });
  const values = new ValueReader({ references: PARTS, path, name, places, report });
  const read = NEXT_FIELDS.flatMap((part): [string, JobParam][] => {
    const field = tree.fields.get(part);
    if (!field) return [];
    const param = values.read(field.value);
    values.place(part, field.value, { span: wholeField(field), open: open || param === undefined });
    return [[part, param ?? { value: null }]];
  });
  // Whether it has the parts that it needs is said by whoever reads the set.
  return Object.fromEntries(read) as unknown as NextToken;
}

function readOnError(fields: FieldReader, target: RuleTarget): RuleOnError | undefined {
  const tree = fields.take("on_error", "a mapping: { repeat, next }", fieldsOf);
  const key = fields.field("on_error")?.key;
  if (key) target.places.set(target.path, { name: fields.nameOf("on_error"), span: key });
  if (!tree) return undefined;
  const inner = new FieldReader(tree, fields.nameOf("on_error"), target.report);
  inner.expect(["repeat", "next"]);
  const field = inner.field("repeat");
  if (field) target.places.set(`${target.path}.repeat`, { name: inner.nameOf("repeat"), span: wholeField(field) });
  const repeat = inner.take("repeat", "a whole number from 1", integerOf);
  const next = readNext(inner, "next", { ...target, path: `${target.path}.next` });
  return { ...(repeat === undefined ? {} : { repeat }), ...(next ? { next } : {}) };
}

/** References to what a rule has; whether there is such a thing is said by whoever reads the set. */
const PARTS: References = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text shows how references are written
  hint: "Write ${{ token.<path> }}, ${{ vars.<name> }}, ${{ result.<path> }} or, beside each, ${{ item }}; $${{ is the text itself.",
  read: (inside) => (/^[^\s.]+(?:\.[^\s.]+)*$/.test(inside) ? { to: inside } : "unknown"),
};
