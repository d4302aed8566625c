/** Merging and checking of StepOptions: later layers win, leaf by leaf. */
import { nearestName } from "../names/nearest-name.js";
import { isObject } from "../values/is-object.js";
import { nearestDuration, parseDuration } from "./duration.js";
import { FLOW_CALL_OPTIONS, OPTION_NAMES, RETRY_NAMES, type StepOptions } from "./step-options.js";

/** Options that have fields of their own. */
const NESTED = ["retry", "resources", "rateLimit"] as const;

/** Merges layers from the weakest (task) to the strongest (call), options with fields field by field. */
export function mergeOptions(...layers: readonly (StepOptions | undefined)[]): StepOptions {
  let merged: StepOptions = {};
  for (const layer of layers) {
    if (!layer) continue;
    const inside = NESTED.flatMap((name) =>
      merged[name] && layer[name] ? [[name, { ...merged[name], ...layer[name] }]] : [],
    );
    merged = { ...merged, ...layer, ...Object.fromEntries(inside) };
  }
  return merged;
}

/** One thing wrong with an options object. */
export interface OptionIssue {
  /** Path inside the options: `retry.attempts`. */
  readonly path: string;
  /** What is wrong, as a sentence. */
  readonly message: string;
}

type Check = (value: unknown) => string | undefined;

const isString: Check = (v) => (typeof v === "string" && v !== "" ? undefined : "must be a non-empty string");
const isBoolean: Check = (v) => (typeof v === "boolean" ? undefined : "must be true or false");
const isDuration: Check = (v) => {
  if (parseDuration(v) !== undefined) return undefined;
  const near = nearestDuration(v);
  return near === undefined
    ? 'must be milliseconds or a duration such as "30s"'
    : `must be milliseconds or a duration; did you mean "${near}"?`;
};
const isCount: Check = (v) => (Number.isInteger(v) && (v as number) >= 1 ? undefined : "must be a whole number from 1");
const isStrings: Check = (v) =>
  Array.isArray(v) && v.every((s) => typeof s === "string") ? undefined : "must be a list of strings";

const isAmount = (v: unknown): boolean => typeof v === "number" && Number.isFinite(v) && v >= 0;

const RATE_NAMES = ["limit", "per", "name"];

function checkRateLimit(v: unknown): string | undefined {
  if (!isObject(v)) return 'must be { limit, per }, such as { limit: 10, per: "1s" }';
  const unknown = Object.keys(v).find((name) => !RATE_NAMES.includes(name));
  if (unknown !== undefined) return `has no field "${unknown}"; ${nearestOf(unknown, "they", RATE_NAMES)}`;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ["limit", isCount(v.limit)],
    ["per", isDuration(v.per)],
    ["name", v.name === undefined ? undefined : isString(v.name)],
  ];
  const wrong = fields.find(([, message]) => message !== undefined);
  return wrong && `is wrong: "${wrong[0]}" ${wrong[1]}`;
}

const CHECKS: Readonly<Record<(typeof OPTION_NAMES)[number], Check>> = {
  name: isString,
  retry: (v) => (isObject(v) ? undefined : "must be an object"),
  timeout: isDuration,
  totalTimeout: isDuration,
  grace: isDuration,
  cache: (v) => {
    if (typeof v === "boolean") return undefined;
    if (!isObject(v) || Object.keys(v).some((name) => name !== "ttl")) return 'must be true, false or { ttl: "1h" }';
    const wrong = isDuration(v.ttl);
    return wrong && `is wrong: "ttl" ${wrong}`;
  },
  pure: isBoolean,
  version: isString,
  io: (v) =>
    typeof v === "boolean" || isCount(v) === undefined ? undefined : "must be true, false or a whole number from 1",
  isolate: isBoolean,
  memory: isCount,
  priority: (v) => (typeof v === "number" && Number.isFinite(v) ? undefined : "must be a number"),
  pool: isString,
  resources: (v) => {
    const wrong = isObject(v) ? Object.entries(v).find(([, amount]) => !isAmount(amount)) : ["", v];
    return (
      wrong &&
      `must be an object of numbers from 0${wrong[0] === "" ? "" : `; "${wrong[0]}" is ${JSON.stringify(wrong[1])}`}`
    );
  },
  rateLimit: checkRateLimit,
  concurrencyKey: isString,
  maxResultBytes: isCount,
  tags: isStrings,
};

const BACKOFFS: readonly string[] = ["fixed", "linear", "exponential"];

const RETRY_CHECKS: Readonly<Record<(typeof RETRY_NAMES)[number], Check>> = {
  attempts: isCount,
  backoff: (v) => {
    if (BACKOFFS.some((name) => name === v)) return undefined;
    const near = typeof v === "string" ? nearestName(v, BACKOFFS) : undefined;
    return `must be "fixed", "linear" or "exponential"${near === undefined ? "" : `; did you mean "${near}"?`}`;
  },
  delay: isDuration,
  maxDelay: isDuration,
  jitter: (v) => (typeof v === "number" && v >= 0 && v <= 1 ? undefined : "must be a number from 0 to 1"),
  retryOn: isStrings,
};

/**
 * Everything wrong with an options object: unknown names, wrong values.
 * @param target What is called: of a flow, few options have a meaning.
 */
export function checkOptions(options: unknown, target: "task" | "flow" = "task"): readonly OptionIssue[] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return [{ path: "", message: "options must be an object" }];
  }
  const issues: OptionIssue[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!(OPTION_NAMES as readonly string[]).includes(name)) {
      issues.push({ path: name, message: `is no option; ${nearestOf(name, "the options", OPTION_NAMES)}` });
    } else if (target === "flow" && !FLOW_CALL_OPTIONS.includes(name)) {
      const known = FLOW_CALL_OPTIONS.join(", ");
      issues.push({
        path: name,
        message: `has no meaning for a flow, give it to the tasks inside; those of flows are ${known}`,
      });
    } else {
      const message = CHECKS[name as keyof typeof CHECKS](value);
      if (message) issues.push({ path: name, message });
      else if (name === "retry") issues.push(...checkRetry(value as object));
    }
  }
  return issues;
}

/** `did you mean "retry"?`, or all there are. Ends without a full stop: the whole message does. */
function nearestOf(name: string, what: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return near === undefined ? `${what} are ${known.join(", ")}` : `did you mean "${near}"?`;
}

function checkRetry(retry: object): OptionIssue[] {
  const issues: OptionIssue[] = [];
  for (const [name, value] of Object.entries(retry)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(RETRY_CHECKS, name)) {
      issues.push({ path: `retry.${name}`, message: `is no retry option; ${nearestOf(name, "they", RETRY_NAMES)}` });
      continue;
    }
    const message = RETRY_CHECKS[name as keyof typeof RETRY_CHECKS](value);
    if (message) issues.push({ path: `retry.${name}`, message });
  }
  return issues;
}
