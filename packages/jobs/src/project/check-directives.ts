/** The form of each directive that has a meaning: one entry a directive. */
import { isSlurmTime, nearestName, parseDuration } from "@millrace/core";
import { memoryMib } from "./memory-size.js";
import { type Directives, textsOf } from "./task.js";

/** What is wrong with a value; undefined if nothing. */
type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === "string" ? undefined : "must be a text");

const texts: Check = (value) =>
  typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string"))
    ? undefined
    : "must be a text or a list of texts";

const patterns: Check = (value) => {
  const wrong = texts(value);
  if (wrong !== undefined) return wrong;
  for (const source of [value as string | string[]].flat()) {
    try {
      new RegExp(source);
    } catch (error) {
      return `is no regular expression: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return undefined;
};

const adds: Check = (value) => {
  if (value === true) return undefined;
  const wrong = patterns(value);
  return wrong === "must be a text or a list of texts" ? "must be true, a text or a list of texts" : wrong;
};

const positive: Check = (value) =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? undefined : "must be a number above 0";

const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "must be a whole number, 0 or more";

const memory: Check = (value) =>
  memoryMib(value) === undefined ? 'must be a size: MiB as a number, or a text such as "4G"' : undefined;

const duration: Check = (value) =>
  parseDuration(value) === undefined ? 'must be a duration: ms as a number, or a text such as "30s"' : undefined;

const variables: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => ["string", "number", "boolean"].includes(typeof one))
    ? undefined
    : "must be an object of texts, numbers and booleans";

const image: Check = (value) =>
  typeof value === "string" && /^[A-Za-z0-9/.][\w./:@-]*$/.test(value) ? undefined : "must be the name of an image";

const sha256: Check = (value) =>
  typeof value === "string" && /^(?:sha256:)?[0-9a-f]{64}$/.test(value)
    ? undefined
    : "must be a sha256, 64 hexadecimal digits";

const walltime: Check = (value) =>
  isSlurmTime(value) || parseDuration(value) !== undefined
    ? undefined
    : 'must be a duration, ms as a number or a text such as "2h", or a time of Slurm such as "1-12:00:00"';

const backoff: Check = (value) =>
  value === "fixed" || value === "linear" || value === "exponential"
    ? undefined
    : 'must be "fixed", "linear" or "exponential"';

/** Directive → its form. Whatever is not listed is kept as it is. */
const CHECKS: Readonly<Record<string, Check>> = {
  cmd: text,
  after: texts,
  before: texts,
  "after-re": patterns,
  "before-re": patterns,
  input: texts,
  output: texts,
  "input-re": patterns,
  adds,
  tags: texts,
  cpus: positive,
  mem: memory,
  retry: count,
  "retry-delay": duration,
  "retry-backoff": backoff,
  timeout: duration,
  reset: texts,
  cwd: text,
  env: variables,
  stdin: text,
  stdout: text,
  stderr: text,
  container: image,
  digest: sha256,
  walltime,
  sbatch_args: texts,
  identity: texts,
};

/** What is wrong with one directive; undefined if nothing. */
export function checkDirective(name: string, value: unknown): string | undefined {
  return Object.hasOwn(CHECKS, name) ? CHECKS[name]?.(value) : undefined;
}

/**
 * The directive that an unknown one was most likely meant to be. One that the task's identity names has a use of its own, and nobody
 * misspells a first letter: `gpus` is no `cpus`.
 */
export function meantDirective(name: string, { identity }: Directives): string | undefined {
  if (name === "name" || Object.hasOwn(CHECKS, name) || textsOf(identity).includes(name)) return undefined;
  const near = nearestName(name, ["name", ...Object.keys(CHECKS)]);
  return near?.[0] === name[0]?.toLowerCase() ? near : undefined;
}
