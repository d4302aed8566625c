/**
 * Reads a flow's parameters from the command line: flags made from its types, `--param name=value`, and a JSON file below
 * both. Reports everything that is wrong at once, by flag, with the type that was expected.
 */
import { type ErrorCode, type FlowEntry, isObject, MillraceError, nearestName, textChoices } from "@millrace/core";
import { compileValidator, namesSecret, type ValueIssue } from "@millrace/core/validate";
import { type FlagSpec, flagSpecs, flagText } from "./flag-spec.js";
import { type Reading, readJson, readText, targetOf } from "./flag-value.js";

/** What the command line gives. */
export interface ParameterInput {
  /** Arguments that are no options of the command. */
  readonly tokens: readonly string[];
  /** Values of `--param`. */
  readonly assignments: readonly string[];
  /** Parsed content of the `--params` file. */
  readonly file?: { readonly name: string; readonly content: unknown };
  /** Names of the command's own options, without dashes. */
  readonly taken: ReadonlySet<string>;
}

/** One thing wrong. */
export interface ParameterIssue {
  readonly problem: ValueIssue["problem"];
  /** Path inside the parameter object, or the argument at fault. */
  readonly path: string;
  /** A sentence, beginning with the flag or path. */
  readonly message: string;
}

/**
 * The parameter object of a flow.
 * @throws MillraceError `unknown-flag` if all that is wrong are names, else `invalid-parameters`; `data.issues` has them all.
 */
export function readParameters(flow: FlowEntry, input: ParameterInput): Record<string, unknown> {
  const specs = flagSpecs(flow, input.taken);
  const issues: ParameterIssue[] = [];
  const values = new Map<string, unknown>();
  readFile(input.file, specs, values, issues);
  const texts = collectTexts(input, specs, issues);
  for (const [name, given] of texts) {
    const spec = specs.get(name);
    if (!spec) continue;
    values.delete(name);
    const reading = readFlag(spec, given, issues);
    if (reading) values.set(name, reading.value);
  }
  const told = new Set(issues.map((issue) => issue.path));
  for (const spec of specs.values()) {
    if (!spec.entry.required || values.has(spec.name) || told.has(spec.name)) continue;
    issues.push({ problem: "missing", path: spec.name, message: `${flagText(spec)} is required: ${spec.entry.text}` });
    told.add(spec.name);
  }
  const params = Object.fromEntries(values);
  issues.push(...wholeIssues(flow, params).filter((issue) => !told.has(topOf(issue.path))));
  if (issues.length > 0) throw refusal(flow, issues);
  return params;
}

/** Sorts arguments into texts by parameter; what fits no flag becomes an issue. */
function collectTexts(
  input: ParameterInput,
  specs: ReadonlyMap<string, FlagSpec>,
  issues: ParameterIssue[],
): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  const give = (spec: FlagSpec, text: string): void => {
    texts.set(spec.name, [...(texts.get(spec.name) ?? []), text]);
  };
  for (const assignment of input.assignments) {
    const [, name = "", text = ""] = /^([^=]*)=([\s\S]*)$/.exec(assignment) ?? [];
    const spec = specs.get(name);
    if (name === "") issues.push(misused(assignment, `--param ${assignment} must have the form name=value`));
    else if (spec) give(spec, text);
    else issues.push(unknownFlag(name, `--param ${name}`, specs, input.taken));
  }
  const { tokens } = input;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? "";
    const match = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(token);
    if (!match || /^-\d/.test(token)) {
      issues.push(misused(token, `"${token}" belongs to no flag`));
      continue;
    }
    const [, given = "", inline] = match;
    const found = token.startsWith("--") ? findFlag(given, specs) : undefined;
    const next = tokens[i + 1];
    const following = next === undefined || next.startsWith("--") ? undefined : next;
    if (!found) {
      issues.push(unknownFlag(given, token.split("=")[0] ?? token, specs, input.taken));
      // What follows is most likely its value: one mistake, one message.
      if (inline === undefined && following !== undefined) i++;
    } else if (found.negated) {
      give(found.spec, "false");
    } else if (inline !== undefined) {
      give(found.spec, inline);
    } else if (found.spec.takes === "switch") {
      const explicit = following === "true" || following === "false";
      give(found.spec, explicit ? following : "true");
      if (explicit) i++;
    } else if (following !== undefined) {
      give(found.spec, following);
      i++;
    } else {
      issues.push(misused(found.spec.name, `${flagText(found.spec)} needs a value: ${found.spec.entry.text}`));
    }
  }
  return texts;
}

function findFlag(
  given: string,
  specs: ReadonlyMap<string, FlagSpec>,
): { readonly spec: FlagSpec; readonly negated: boolean } | undefined {
  const camel = given.replace(/-+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const spec = specs.get(given) ?? specs.get(camel);
  if (spec) return { spec, negated: false };
  if (!given.startsWith("no-")) return undefined;
  const opposite = findFlag(given.slice(3), specs);
  return opposite && !opposite.negated && opposite.spec.takes === "switch"
    ? { spec: opposite.spec, negated: true }
    : undefined;
}

function readFlag(spec: FlagSpec, given: readonly string[], issues: ParameterIssue[]): Reading {
  const [first = ""] = given;
  if (spec.takes !== "list") {
    const reading = readText(given.at(-1) ?? "", spec.schema, spec.defs);
    if (given.length > 1)
      issues.push(misused(spec.name, `${flagText(spec)} is given ${given.length} times, and takes one value`));
    else if (reading) return reading;
    else return readMisfit(spec, first, issues);
    return undefined;
  }
  // A list may also be one JSON text: the only way to give an empty one.
  const whole = given.length === 1 && first.startsWith("[") ? readJsonText(first, spec) : undefined;
  if (whole) return whole;
  const items: unknown[] = [];
  for (const text of given) {
    const reading = readText(text, spec.schema, spec.defs);
    if (reading) items.push(reading.value);
    else issues.push(mistyped(spec, text));
  }
  return items.length === given.length ? { value: items } : undefined;
}

/** A text that does not fit. An object is taken as it is: the whole check names the members at fault. */
function readMisfit(spec: FlagSpec, text: string, issues: ParameterIssue[]): Reading {
  if (targetOf(spec.schema, spec.defs).type === "object") {
    try {
      const json: unknown = JSON.parse(text);
      if (isObject(json)) return { value: json };
    } catch {
      const issue = mistyped(spec, text);
      issues.push({ ...issue, message: `${issue.message}, which is no JSON` });
      return undefined;
    }
  }
  issues.push(mistyped(spec, text));
  return undefined;
}

function readJsonText(text: string, spec: FlagSpec): Reading {
  try {
    return readJson(JSON.parse(text), spec.whole, spec.defs);
  } catch {
    return undefined;
  }
}

function readFile(
  file: ParameterInput["file"],
  specs: ReadonlyMap<string, FlagSpec>,
  values: Map<string, unknown>,
  issues: ParameterIssue[],
): void {
  if (!file) return;
  const { name: where, content } = file;
  if (!isObject(content)) {
    issues.push(misused(where, `${where} must hold one JSON object with the parameters by name`));
    return;
  }
  for (const [name, json] of Object.entries(content)) {
    const spec = specs.get(name);
    const reading = spec && readJson(json, spec.whole, spec.defs);
    if (!spec) issues.push(unknownFlag(name, `${name} (in ${where})`, specs, new Set()));
    else if (reading) values.set(name, reading.value);
    // Deeper faults are named by the whole check; a wrong type at the top ends here.
    else values.set(name, json);
  }
}

/** What single flags cannot see: members of objects, and whatever came from a file. */
function wholeIssues(flow: FlowEntry, params: object): readonly ParameterIssue[] {
  return compileValidator(flow.paramsSchema)(params).map(({ problem, path, message }) => ({ problem, path, message }));
}

/** The parameter that a path leads into. */
function topOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

function mistyped(spec: FlagSpec, text: string): ParameterIssue {
  const expected = spec.takes === "list" ? spec.entry.text.replace(/\[\]$/, "") : spec.entry.text;
  const at = { problem: "mistyped", path: spec.name } as const;
  // What was given may be the secret itself.
  if (namesSecret(expected)) {
    const advice =
      "a secret is given as env:NAME or file:path, and what was given is none of them; it is not shown here";
    return { ...at, message: `${flagText(spec)}: ${advice}` };
  }
  const near = nearestName(text, textChoices(spec.schema, { $defs: spec.defs }));
  const advice = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
  return {
    ...at,
    message: `${flagText(spec)}: expected ${expected}, got ${JSON.stringify(text)}${advice}`,
  };
}

function misused(path: string, message: string): ParameterIssue {
  return { problem: "invalid", path, message };
}

function unknownFlag(
  name: string,
  shown: string,
  specs: ReadonlyMap<string, FlagSpec>,
  taken: ReadonlySet<string>,
): ParameterIssue {
  const near = nearestName(name, [...specs.keys(), ...taken]);
  const advice = near === undefined ? "" : `; did you mean --${near}?`;
  return { problem: "unknown", path: name, message: `${shown} is no parameter of this flow${advice}` };
}

function refusal(flow: FlowEntry, issues: readonly ParameterIssue[]): MillraceError {
  const code: ErrorCode = issues.every((issue) => issue.problem === "unknown") ? "unknown-flag" : "invalid-parameters";
  const list = issues.map((issue) => `\n  ${issue.message}`).join("");
  return new MillraceError(code, `${flow.id} cannot start with these parameters:${list}`, {
    hint: `\`flow run ${flow.id} --help\` shows its parameters.`,
    data: { flow: flow.id, issues },
  });
}
