/**
 * Refines parameters by the schemas that their author gave: `@param(schema)`, or `params` of a definition. Called by the
 * runtime where the code runs, right before there is an instance: in the thread for a task, on main for a flow.
 */
import { MillraceError, placeOfKey, renderValue } from "@millrace/core/thread";
import type { StandardIssue, StandardResult, StandardSchemaV1 } from "../types/standard-schema.js";
import { declarationOf, schemasOf, wholeSchemaOf } from "./store.js";

type Class = Parameters<typeof schemasOf>[0];

/** One thing wrong; the form is that of the checks by type. */
interface RefinementIssue {
  readonly path: string;
  readonly problem: "invalid";
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
}

/** A schema and what it is for: a parameter by name, or undefined for all of them. */
interface Refinement {
  readonly name: string | undefined;
  readonly schema: StandardSchemaV1;
}

const refinements = new WeakMap<object, readonly Refinement[]>();

/**
 * The parameters as the schemas give them back; the same object, at once, if there are none. Parameters that are not
 * given keep their defaults, unchecked.
 * @throws MillraceError `invalid-parameters` with all issues of all schemas.
 */
export function refineParams(target: Class, params: object): object | Promise<object> {
  const due = refinementsOf(target).filter(({ name }) => name === undefined || Object.hasOwn(params, name));
  if (due.length === 0) return params;
  const results = due.map(({ name, schema }) =>
    schema["~standard"].validate(name === undefined ? params : Reflect.get(params, name)),
  );
  // A schema that answers at once costs no turn of the event loop.
  return results.some((result) => result instanceof Promise)
    ? Promise.all(results).then((settled) => merge(target, params, due, settled))
    : merge(target, params, due, results as StandardResult<unknown>[]); // none is a promise
}

function merge(
  target: Class,
  params: object,
  due: readonly Refinement[],
  results: readonly StandardResult<unknown>[],
): object {
  const issues = results.flatMap((result, i) =>
    (result.issues ?? []).map((issue) => toIssue(issue, due[i] as Refinement, params)),
  );
  if (issues.length > 0) throw refused(target, issues);
  const values = results.flatMap((result, i) => (result.issues ? [] : [[due[i]?.name, result.value] as const]));
  const whole = values.find(([name]) => name === undefined);
  // Never assigned: a parameter may have any name.
  return whole ? (whole[1] as object) : { ...params, ...Object.fromEntries(values) };
}

function refinementsOf(target: Class): readonly Refinement[] {
  let known = refinements.get(target);
  if (!known) {
    const whole = wholeSchemaOf(target);
    known = [
      ...[...schemasOf(target)].map(([name, schema]) => ({ name, schema })),
      ...(whole ? [{ name: undefined, schema: whole }] : []),
    ];
    refinements.set(target, known);
  }
  return known;
}

function toIssue(issue: StandardIssue, { name, schema }: Refinement, params: object): RefinementIssue {
  const inner = (issue.path ?? []).map((step) => (typeof step === "object" ? step.key : step));
  const keys = name === undefined ? inner : [name, ...inner];
  let at: unknown = params;
  let path = "";
  for (const key of keys) {
    path += Array.isArray(at) ? `[${String(key)}]` : placeOfKey(String(key));
    at = typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
  }
  if (path.startsWith(".")) path = path.slice(1);
  const actual = renderValue(at);
  const subject = path === "" ? "The value" : `"${path}"`;
  return {
    path,
    problem: "invalid",
    expected: `what its ${schema["~standard"].vendor} schema accepts`,
    actual,
    message: `${subject} is not valid, since it is ${actual}: ${issue.message}`,
  };
}

function refused(target: Class, issues: readonly RefinementIssue[]): MillraceError {
  const declaration = declarationOf(target);
  const id = declaration?.id ?? target.name;
  const list = issues.map(({ message }) => `  ${message}`).join("\n");
  return new MillraceError("invalid-parameters", `The parameters of ${id} cannot be used:\n${list}`, {
    hint: "The schemas that refine them, in @param(…) or `params`, say what they take.",
    data: { [declaration?.kind ?? "task"]: id, issues },
  });
}
