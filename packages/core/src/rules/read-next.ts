/** Reads the tokens that a rule says follow, and what their references name. */
import type { Report } from "../job-graph/issue.js";
import type { JobParam } from "../job-graph/job-graph.js";
import { referencesOf, referenceText } from "../job-graph/job-reference.js";
import { readFields } from "../job-graph/read-fields.js";
import { readParam } from "../job-graph/read-params.js";
import { suggestName } from "../names/did-you-mean.js";
import type { RuleSet } from "./rule-set.js";

/** What references may name, and who hears of those that name something else. */
export interface ReferencePlace {
  readonly known: readonly string[];
  readonly variables: RuleSet["variables"];
  readonly report: Report;
}

/** One entry of `next` or `onError.next`. */
export function readNext(given: unknown, at: string, place: ReferencePlace): void {
  const { report } = place;
  const known = ["token", "back", "return", "each"];
  const fields = readFields(given, { at, what: "{ token }, { token, back } or { return }", known, report });
  if (!fields) return;
  const ways = ["token", "return"].filter((way) => Object.hasOwn(fields, way));
  if (ways.length !== 1) report(at, "must have one of token, return");
  if (Object.hasOwn(fields, "back") && !Object.hasOwn(fields, "token"))
    report(`${at}.back`, "has no meaning without a token, which calls");
  for (const name of known) {
    if (!Object.hasOwn(fields, name)) continue;
    const param = readParam(fields[name], `${at}.${name}`, report);
    const items = name !== "each" && Object.hasOwn(fields, "each") ? ["item"] : [];
    if (param) checkReferences(param, `${at}.${name}`, { ...place, known: [...place.known, ...items] });
  }
}

/** That references name what there is: parts of tokens and results are looked for when they are there. */
export function checkReferences(param: JobParam, at: string, { known, variables = {}, report }: ReferencePlace): void {
  for (const reference of referencesOf(param)) {
    const { from, path } = reference;
    if (!known.includes(from)) {
      report(at, `takes ${referenceText(reference)}. ${suggestName(from, known, `It can take ${known.join(", ")}`)}`);
    } else if (from === "vars" && path[0] !== undefined && !Object.hasOwn(variables, path[0])) {
      const names = Object.keys(variables);
      const otherwise = names.length === 0 ? 'There are none: give it in "variables"' : `There are ${names.join(", ")}`;
      report(
        at,
        `takes ${referenceText(reference)}, and there is no such variable. ${suggestName(path[0], names, otherwise)}`,
      );
    }
  }
}
