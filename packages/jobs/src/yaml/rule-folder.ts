/**
 * A folder of rules, as their ancestor keeps them: a folder for each, named as the rule is, with `filter.yaml`, `body.yaml` and perhaps `conf.yaml`, which
 * names them. What the job is beside its rules stands in `job.yaml` of the folder around them. Gives what one file would say.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Span } from "@millrace/core";
import { withFullNames } from "./field-names.js";
import { FieldReader, fieldsOf, textOf } from "./field-reader.js";
import { type IncludeReading, readWithIncludes } from "./include.js";
import { parseFile } from "./parse-file.js";
import { type Field, type FieldsTree, noFields, treeWords } from "./tree.js";

/** Of the folder itself. */
const JOB_FILE = "job.yaml";
const CONF = "conf.yaml";

/** What the parts of a rule are called if its `conf.yaml` does not say otherwise. */
const PARTS = { filter: "filter.yaml", body: "body.yaml" } as const;
type Part = keyof typeof PARTS;

/** Fields of a part in `conf.yaml` that say what is said in the body here. */
const IN_THE_BODY = {
  if_exc: "is said in the body here: on_error: { repeat: 3 }",
  // biome-ignore lint/suspicious/noThenProperty: a field of the ancestor's files
  then: "is said in the body here: next: [{ token: … }]",
};

/** All that the folder says. `path` is absolute. */
export function readRuleFolder(path: string, reading: IncludeReading): FieldsTree | undefined {
  const { shown, report } = reading;
  const entries = readdirSync(path, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const start = startOf(shown(join(path, JOB_FILE)));
  const hasJob = entries.some(({ name }) => name === JOB_FILE);
  const job = hasJob ? readWithIncludes(join(path, JOB_FILE), reading) : noFields(start);
  const own = job?.fields.get("rules");
  if (own) {
    const message = "The rules of this folder stand in folders of their own.";
    report({ code: "job-invalid", span: own.key, message, hint: "Move them there, or run this file alone." });
  }
  if (names.length === 0) {
    const message = "The folder has no rules: there is nothing to run.";
    const hint = "Each rule is a folder, named as the rule is, with filter.yaml and body.yaml.";
    report({ code: "job-invalid", span: start, message, hint });
  }
  // In order of their names: what matches first fires first, on every machine.
  const rules = names.sort().flatMap((name): (readonly [string, Field])[] => {
    const rule = readOne(join(path, name), reading);
    return rule ? [[name, rule]] : [];
  });
  if (!job) return undefined;
  const whole: FieldsTree = { kind: "fields", span: start, fields: new Map(rules) };
  const named = withFullNames({ ...job, fields: new Map([["rules", { key: start, value: whole }]]) }, report);
  return { ...job, fields: new Map([...job.fields, ...named.fields]) };
}

function readOne(folder: string, reading: IncludeReading): Field | undefined {
  const { read, shown, report } = reading;
  const conf = read(join(folder, CONF)) === undefined ? undefined : readMapping(join(folder, CONF), reading);
  const files = filesOf(conf, report);
  const [filter, body] = (["filter", "body"] as const).map((part) => {
    const { file, span } = files[part];
    const path = join(folder, file);
    if (read(path) !== undefined) return readMapping(path, reading);
    // A class has a filter of its own: whoever reads the set knows.
    if (part === "filter" && !span) return undefined;
    const message = `There is no file ${shown(path)}, which holds the ${part} of the rule.`;
    return void report({ code: "job-invalid", span: span ?? startOf(shown(path)), message });
  });
  if (!body) return undefined;
  const own = body.fields.get("filter");
  if (filter && own) {
    const message = "The filter of the rule stands in a file of its own, too.";
    report({ code: "job-invalid", span: own.key, message, related: [{ span: filter.span, message: "that file" }] });
  }
  const key = startOf(body.span.file);
  const fields = filter
    ? [...body.fields, ["filter", { key: startOf(filter.span.file), value: filter }] as const]
    : body.fields;
  return { key, value: { ...body, fields: new Map(fields) } };
}

interface PartFile {
  readonly file: string;
  /** Where it is named. */
  readonly span?: Span;
}

function filesOf(conf: FieldsTree | undefined, report: IncludeReading["report"]): Readonly<Record<Part, PartFile>> {
  const reader = conf && new FieldReader(conf, "", report);
  reader?.expect(["filter", "body"]);
  const named = (part: Part): PartFile => {
    const tree = reader?.take(part, "{ type: Const, file }", fieldsOf);
    if (!tree) return { file: PARTS[part] };
    const fields = new FieldReader(tree, part, report);
    fields.expect(["type", "file"], IN_THE_BODY);
    fields.take("type", "Const: code stands in rule classes and tasks", (type) =>
      textOf(type) === "Const" ? "Const" : undefined,
    );
    const file = fields.take("file", "the name of a YAML file", (one) => {
      const name = textOf(one);
      return name !== undefined && /^[^\\/]+\.ya?ml$/.test(name) ? { file: name, span: one.span } : undefined;
    });
    return file ?? { file: PARTS[part] };
  };
  return { filter: named("filter"), body: named("body") };
}

function readMapping(path: string, { read, shown, report }: IncludeReading): FieldsTree | undefined {
  const tree = parseFile({ file: shown(path), text: read(path) ?? "" }, report);
  if (!tree || tree.kind === "fields") return tree;
  return void report({
    code: "job-invalid",
    span: tree.span,
    message: `This file must be a mapping, not ${treeWords(tree)}.`,
  });
}

function startOf(file: string): Span {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 2 };
}
