/** Reads the parameters of what a document runs: their form, not what they lead to. */
import { isObject } from "../values/is-object.js";
import type { Report } from "./issue.js";
import type { JobParam } from "./job-graph.js";
import { parsePath, parseTemplate } from "./job-reference.js";
import { type Fields, readFields, shown } from "./read-fields.js";

/** How deep lists and objects of parameters may stand in each other. */
const MAX_DEPTH = 32;

/** Parameters by name, or by a path into one. */
export function readParams(given: unknown, at: string, report: Report): Readonly<Record<string, JobParam>> {
  if (!isObject(given)) {
    report(at, "must be an object of parameters by name");
    return {};
  }
  const read: [string, JobParam][] = [];
  const names = Object.keys(given);
  for (const name of names) {
    const where = `${at}.${name}`;
    if (!parsePath(name)) report(where, "is no name of a parameter, nor a path into one");
    else if (names.some((other) => name.startsWith(`${other}.`)))
      report(where, "is part of a parameter that is given whole");
    else {
      const param = readParam(given[name], where, report);
      if (param) read.push([name, param]);
    }
  }
  return Object.fromEntries(read);
}

const PARAMS = ["value", "from", "template", "list", "fields"];

/** One parameter. */
export function readParam(given: unknown, at: string, report: Report, depth = 0): JobParam | undefined {
  if (depth > MAX_DEPTH)
    return void report(at, `stands ${depth} lists and objects deep, and ${MAX_DEPTH} is the limit`);
  const what = "{ value }, { from, path }, { template }, { list } or { fields }";
  const fields = readFields(given, { at, what, known: [...PARAMS, "path"], report });
  if (!fields) return undefined;
  const kinds = PARAMS.filter((kind) => Object.hasOwn(fields, kind));
  if (kinds.length !== 1 || (Object.hasOwn(fields, "path") && kinds[0] !== "from"))
    return void report(at, `must be ${what}`);
  const { from, path, template, list, fields: named } = fields;
  if (kinds[0] === "list" && !Array.isArray(list))
    return void report(`${at}.list`, `must be a list, not ${shown(list)}`);
  if (kinds[0] === "fields" && !isObject(named))
    return void report(`${at}.fields`, `must be an object, not ${shown(named)}`);
  const parts = partsOf(list, named);
  if (parts) {
    // All of them are looked at, whatever the first is.
    const read = parts.map(([name, part]) => {
      const where = typeof name === "number" ? `${at}.list[${name}]` : `${at}.fields.${name}`;
      return readParam(part, where, report, depth + 1);
    });
    return read.includes(undefined) ? undefined : (fields as unknown as JobParam);
  }
  if (kinds[0] === "from" && typeof from !== "string") return void report(`${at}.from`, "must be the id of a node");
  if (path !== undefined && (typeof path !== "string" || !parsePath(path)))
    return void report(`${at}.path`, 'must be a path such as "items.0.name"');
  if (kinds[0] === "template") {
    if (typeof template !== "string") return void report(`${at}.template`, "must be a text");
    const texts = parseTemplate(template);
    if ("wrong" in texts)
      return void report(`${at}.template`, `${texts.wrong}; write \${{ node.path }}, and $\${{ for the text itself`);
  }
  return fields as unknown as JobParam;
}

function partsOf(list: unknown, named: unknown): readonly (readonly [string | number, unknown])[] | undefined {
  if (Array.isArray(list)) return [...list.entries()];
  return isObject(named) ? Object.entries(named as Fields) : undefined;
}
