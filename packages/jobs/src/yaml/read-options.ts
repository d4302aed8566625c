/** The options of one task: the engine's own, below `options`, and those that have fields beside it. What they may be is checked with the graph. */
import { type Duration, parseDuration, type Span } from "@millrace/core";
import { durationOf, type FieldReader, fieldsOf, integerOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import type { JobPlace, SourceMap } from "./source-map.js";
import { type Field, plainValue, type Tree, wholeField } from "./tree.js";

/** Fields of a task that are options. */
export const OPTION_FIELDS: readonly string[] = ["max_attempts", "backoff", "retry", "timeout", "options"];

/** What options are read into. */
export interface OptionsTarget {
  /** `nodes[3].options`. */
  readonly path: string;
  /** The task. */
  readonly around: JobPlace;
  readonly places: SourceMap;
  readonly report: ReportFinding;
}

/** One option, or one field of `retry`. */
interface GivenOption {
  readonly at: readonly [string] | readonly ["retry", string];
  /** How the file calls it. */
  readonly name: string;
  readonly span: Span;
  readonly value: unknown;
}

/** Reads all fields that are options. */
export function readOptions(fields: FieldReader, target: OptionsTarget): Readonly<Record<string, unknown>> {
  const { path, around, places, report } = target;
  const options: Record<string, unknown> = {};
  const key = fields.field("options")?.key;
  places.set(path, { name: fields.nameOf("options"), span: key ?? around.span });
  for (const { at, name, span, value } of givenOptions(fields)) {
    const whole = `${path}.${at.join(".")}`;
    const [first, second] = at;
    const holder = second === undefined ? options : retryOf(options);
    const last = second ?? first;
    if (Object.hasOwn(holder, last)) {
      const earlier = places.find(whole) ?? around;
      const message = `"${name}" says again what "${earlier.name}" says.`;
      const related = [{ span: earlier.span, message: "said first" }];
      report({ code: "job-invalid", span, message, related });
      continue;
    }
    holder[last] = value;
    places.set(whole, { name, span });
  }
  return options;
}

function retryOf(options: Record<string, unknown>): Record<string, unknown> {
  // Fields of `retry` come one by one: whatever stands there was made here, or is no mapping and will be refused.
  if (typeof options.retry !== "object" || options.retry === null) options.retry = {};
  return options.retry as Record<string, unknown>;
}

function givenOptions(fields: FieldReader): readonly GivenOption[] {
  const options = fields.take("options", "a mapping of options by name", fieldsOf);
  const retry = fields.take("retry", "a mapping such as { attempts: 3, delay: 1s }", fieldsOf);
  const attempts = fields.take("max_attempts", "a whole number from 1", (tree) =>
    (integerOf(tree) ?? 0) >= 1 ? integerOf(tree) : undefined,
  );
  const pause = fields.take("backoff", 'seconds as a number, or a duration such as "500ms"', readPause);
  const timeout = fields.take("timeout", 'a duration with its unit, such as "30s"', durationOf);
  const given: GivenOption[] = [];
  const put = (at: GivenOption["at"], name: string, field: Field | undefined, value: unknown): void => {
    if (field && value !== undefined) given.push({ at, name: fields.nameOf(name), span: wholeField(field), value });
  };
  for (const [name, field] of options?.fields ?? []) {
    const { value } = field;
    if (name !== "retry" || value.kind !== "fields") put([name], `options.${name}`, field, plainValue(value));
    else
      for (const [inner, one] of value.fields)
        put(["retry", inner], `options.retry.${inner}`, one, plainValue(one.value));
  }
  for (const [name, field] of retry?.fields ?? [])
    put(["retry", name], `retry.${name}`, field, plainValue(field.value));
  put(["retry", "attempts"], "max_attempts", fields.field("max_attempts"), attempts);
  put(["retry", "delay"], "backoff", fields.field("backoff"), pause);
  put(["timeout"], "timeout", fields.field("timeout"), timeout);
  return given;
}

/** Numbers are seconds, as in the jobs that this field comes from. */
function readPause(tree: Tree): Duration | undefined {
  if (tree.kind !== "leaf" || typeof tree.value !== "number") return durationOf(tree);
  return parseDuration(tree.value * 1_000);
}
