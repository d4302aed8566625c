/** Fields of the objects of a spec: ours, and in snake case. What there is not is reported with the nearest name that there is. */
import { nearestName, suggestName } from "@millrace/core";
import type { Data } from "./flow-spec.js";
import { isRecord, notJson, shown } from "./json-data.js";
import type { Report } from "./spec-issue.js";

/** An object, and how it is read. */
export interface Fields {
  /** Path of the object, empty for the document. */
  readonly at: string;
  readonly report: Report;
  /** By our names. */
  readonly values: Readonly<Data>;
}

/** Reads an object whose fields have these names. */
export function readFields(
  given: unknown,
  { at, what, names, report }: { at: string; what: string; names: readonly string[]; report: Report },
): Fields | undefined {
  if (!isRecord(given)) return void report(at, `must be ${what}, not ${shown(given)}`);
  const ours = new Map(names.flatMap((name) => [[name, name] as const, [snakeCase(name), name] as const]));
  const values: Data = {};
  const misspelt: [string, unknown][] = [];
  for (const [name, value] of Object.entries(given)) {
    const own = ours.get(name);
    if (own === undefined) {
      report(
        placeIn(at, name),
        `is no field of it. ${suggestName(name, ours.keys(), `There are ${names.join(", ")}`)}`,
      );
      misspelt.push([nearestName(name, ours.keys()) ?? "", value]);
    } else if (Object.hasOwn(values, own)) {
      report(placeIn(at, name), `stands there twice, as ${own} and ${snakeCase(own)}`);
    } else if (value !== undefined) values[own] = value;
  }
  // Read as what they are taken for: that this one is missing is no mistake of its own.
  for (const [name, value] of misspelt) {
    const own = ours.get(name);
    if (own !== undefined && !Object.hasOwn(values, own)) values[own] = value;
  }
  return { at, report, values };
}

/** A field that is a text, not empty. */
export function textField({ at, report, values }: Fields, name: string): string | undefined {
  const value = values[name];
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  return void report(placeIn(at, name), `must be a text that is not empty, not ${shown(value)}`);
}

/** A field that is true or false. */
export function flagField({ at, report, values }: Fields, name: string): boolean | undefined {
  const value = values[name];
  if (value === undefined || typeof value === "boolean") return value;
  return void report(placeIn(at, name), `must be true or false, not ${shown(value)}`);
}

/** A field that is a count. */
export function countField({ at, report, values }: Fields, name: string): number {
  const value = values[name];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  report(placeIn(at, name), `must be a number, 0 or more, not ${shown(value)}`);
  return 0;
}

/** A field that is one of some texts. */
export function choiceField<T extends string>({ at, report, values }: Fields, name: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === values[name]);
  if (found === undefined) report(placeIn(at, name), `must be ${choices.join(", ")}, not ${shown(values[name])}`);
  return found ?? (choices[0] as T);
}

/** A field that is an object of JSON, as a copy; empty if absent. */
export function dataField({ at, report, values }: Fields, name: string): Data {
  const value = values[name];
  if (value === undefined) return {};
  const where = placeIn(at, name);
  if (!isRecord(value)) {
    report(where, `must be an object, not ${shown(value)}`);
    return {};
  }
  const wrong = notJson(value, where);
  if (wrong === undefined) return structuredClone(value);
  const [place = where] = wrong.split(" ", 1);
  report(place, `${wrong.slice(place.length + 1)}, and flows are JSON between ticks`);
  return {};
}

/** A field that is a text or a list of texts; undefined if absent. */
export function namesField({ at, report, values }: Fields, name: string): readonly string[] | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one, i): one is string => {
    if (typeof one === "string") return true;
    report(
      `${placeIn(at, name)}${Array.isArray(value) ? `[${i}]` : ""}`,
      `must be the key of a task, not ${shown(one)}`,
    );
    return false;
  });
}

/** A field that is a list, its items with their paths. */
export function listField({ at, report, values }: Fields, name: string): readonly (readonly [string, unknown])[] {
  const value = values[name];
  const where = placeIn(at, name);
  if (Array.isArray(value)) return value.map((item, i) => [`${where}[${i}]`, item] as const);
  report(where, `must be a list, not ${shown(value)}`);
  return [];
}

/** The path of a field. */
export function placeIn(at: string, name: string): string {
  return at === "" ? name : `${at}.${name}`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
