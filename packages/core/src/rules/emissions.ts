/** What follows a firing: its emissions, made of what a rule of data says and of what has come of it. */
import { MillraceError } from "../errors/millrace-error.js";
import { fillParam, type ParamSources } from "../job-graph/fill-params.js";
import type { ErrorSummary } from "../run/events.js";
import { isObject } from "../values/is-object.js";
import type { Firing } from "./firing.js";
import type { Emission, ErrorToken, NextToken, RuleSet, Token } from "./rule-set.js";

/** How a firing ended. */
export type FiringEnd = { readonly result: unknown } | { readonly error: ErrorSummary };

/** What references can name. */
type Values = Readonly<Record<string, unknown>>;

/**
 * The emissions of a firing that has ended; undefined if it failed and nothing says what then: an error token follows.
 * @throws MillraceError `reference-missing`, `token-invalid`.
 */
export function emissionsOf(
  { rule, token }: Firing,
  end: FiringEnd,
  { variables = {} }: Pick<RuleSet, "variables">,
): readonly Emission[] | undefined {
  const values: Values = { token: token.body, vars: variables, ...end };
  if ("error" in end) return rule.onError?.next?.flatMap((next) => emitted(next, rule.name, values));
  if (rule.run && "rule" in rule.run) return written(end.result, rule.name);
  return (rule.next ?? []).flatMap((next) => emitted(next, rule.name, values));
}

/** What the base class of rules has made of what `next` gave. */
function written(result: unknown, rule: string): readonly Emission[] {
  if (Array.isArray(result) && result.every(isEmission)) return result;
  throw invalid(rule, "its result is a list of emissions", result);
}

/** What stands for a failure. */
export function errorToken({ rule, token }: Firing, { name, message, code }: ErrorSummary): ErrorToken {
  return {
    _error: true,
    rule: rule.name,
    body: token.body,
    error: { name, message, ...(code === undefined ? {} : { code }) },
  };
}

/** True for tokens that stand for failures. */
export function isErrorToken(body: Token): boolean {
  return body._error === true;
}

/** The sources of a rule's references. */
export function sourcesFor(rule: string, values: Values): ParamSources {
  return {
    taker: rule,
    find: (from) => (Object.hasOwn(values, from) ? { value: values[from] } : undefined),
  };
}

function emitted(next: NextToken, rule: string, values: Values): readonly Emission[] {
  if (next.each === undefined) return one(next, rule, values);
  const items = fillParam(next.each, sourcesFor(rule, values));
  if (!Array.isArray(items)) throw invalid(rule, `"each" is no list`, items);
  return items.flatMap((item) => one(next, rule, { ...values, item }));
}

function one(next: NextToken, rule: string, values: Values): readonly Emission[] {
  const sources = sourcesFor(rule, values);
  if ("return" in next) return [{ return: fillParam(next.return, sources) }];
  const given = fillParam(next.token, sources);
  const bodies = tokensIn(given, rule);
  if (next.back === undefined) return bodies.map((token) => ({ token }));
  const back = fillParam(next.back, sources);
  return bodies.map((call) => ({ call, back: checkToken(back, rule) }));
}

/** A token, a list of them, or none. */
function tokensIn(given: unknown, rule: string): readonly Token[] {
  if (given === undefined || given === null) return [];
  return (Array.isArray(given) ? given : [given]).map((body) => checkToken(body, rule));
}

function checkToken(body: unknown, rule: string): Token {
  if (isObject(body)) return body;
  throw invalid(rule, "a token is an object", body);
}

function invalid(rule: string, what: string, given: unknown): MillraceError {
  return new MillraceError("token-invalid", `Rule ${rule} gives what is no token: ${what}, not ${kindOf(given)}.`, {
    hint: 'Look at its "next": a token is an object, a list of them gives many, null gives none.',
    data: { rule },
  });
}

function kindOf(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  return Array.isArray(given) ? "a list" : `a ${typeof given}`;
}

function isEmission(given: unknown): given is Emission {
  if (!isObject(given)) return false;
  return isObject(given.token) || (isObject(given.call) && isObject(given.back)) || Object.hasOwn(given, "return");
}
