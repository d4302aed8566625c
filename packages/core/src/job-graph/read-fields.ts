/** Objects and lists of documents that claim to have a form: what has not is reported with its path and left out. */
import { suggestName } from "../names/did-you-mean.js";
import { isObject } from "../values/is-object.js";
import type { Report } from "./issue.js";

/** An object that has been found to be one. */
export type Fields = Readonly<Record<string, unknown>>;

/** What an object is to be. */
export interface Expected {
  /** Its path; empty for the document. */
  readonly at: string;
  /** For people. */
  readonly what: string;
  /** Names of its fields. */
  readonly known: readonly string[];
  readonly report: Report;
}

/** The object; fields that it must not have are reported. */
export function readFields(given: unknown, { at, what, known, report }: Expected): Fields | undefined {
  if (!isObject(given)) return void report(at, `must be ${what}, not ${shown(given)}`);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    report(
      at === "" ? name : `${at}.${name}`,
      `is no field of it. ${suggestName(name, known, `There are ${known.join(", ")}`)}`,
    );
  }
  return given;
}

/** The items of a list, each with its path. */
export function readList(given: unknown, at: string, report: Report): readonly (readonly [string, unknown])[] {
  if (Array.isArray(given)) return given.map((item, i) => [`${at}[${i}]`, item] as const);
  report(at, `must be a list, not ${shown(given)}`);
  return [];
}

/** A value as it is named in what is wrong with it. */
export function shown(value: unknown): string {
  if (value === undefined) return "left out";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value);
}
