/**
 * The parameters of one task. References (`${{ tasks.fetch.result.rows }}`) become what the job graph has for them. A reference inside a mapping gives the
 * parameter a path, one inside a list makes it a list of parameters.
 */
import type { JobParam, Span } from "@millrace/core";
import { adviceOnTask, type KnownTasks } from "./known-tasks.js";
import { holdsReference, type References, secretOf, ValueReader, type ValuesTarget } from "./read-values.js";
import { type Field, type FieldsTree, wholeField } from "./tree.js";

/** A task whose result is taken. */
export interface TakenResult {
  readonly task: string;
  readonly span: Span;
}

/** Whose parameters are read, and into what. */
export interface ParamsTarget extends Omit<ValuesTarget, "references"> {
  /** The task. */
  readonly id: string;
  readonly known: KnownTasks;
}

/** What a task is given, and whose results it takes. */
export interface ReadParams {
  readonly params: Readonly<Record<string, JobParam>>;
  readonly taken: readonly TakenResult[];
}

/** Reads the field `parameters` of a task. */
export function readParams(tree: FieldsTree, target: ParamsTarget): ReadParams {
  const taken: TakenResult[] = [];
  return { params: readNamedValues(tree, { ...target, references: resultsOf(target, taken) }), taken };
}

/** Parameters by name, or by the path to what a reference is. */
export function readNamedValues(tree: FieldsTree, target: ValuesTarget): Readonly<Record<string, JobParam>> {
  const params: [string, JobParam][] = [];
  const values = new ValueReader(target);
  const read = (way: readonly string[], field: Field): void => {
    const { value } = field;
    if (way.some((name) => name === "" || name.includes("."))) {
      const message = `"${way.at(-1)}" is no name of a parameter: names have no dots.`;
      return target.report({ code: "job-invalid", span: value.span, message });
    }
    if (value.kind === "fields" && holdsReference(value) && !secretOf(value)) {
      values.place(way.join("."), value, { span: wholeField(field) });
      for (const [name, inner] of value.fields) read([...way, name], inner);
      return;
    }
    const param = values.read(value);
    values.place(way.join("."), value, { span: wholeField(field), open: param === undefined });
    params.push([way.join("."), param ?? { value: "" }]);
  };
  for (const [name, field] of tree.fields) read([name], field);
  return Object.fromEntries(params);
}

const RESULT = /^tasks\.([^\s.]+)\.result((?:\.[^\s.]+)*)$/;

/** References to the results of other tasks. */
function resultsOf({ id, known, report }: ParamsTarget, taken: TakenResult[]): References {
  const hint =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text shows how references are written
    "Write ${{ tasks.<name>.result }} or, for a part, ${{ tasks.<name>.result.<path> }}; $${{ is the text itself.";
  const refuse = (span: Span, message: string, advice: string): "refused" => {
    report({ code: "job-reference-invalid", span, message, hint: advice });
    return "refused";
  };
  return {
    hint,
    read: (inside, span) => {
      const [, task, rest = ""] = RESULT.exec(inside) ?? [];
      if (task === undefined) return "unknown";
      if (task === id) return refuse(span, `"tasks.${id}" takes its own result.`, "Take that of another task.");
      if (!known.names.has(task)) {
        if (!known.wholly) return "refused";
        const message = `"tasks.${id}" takes the result of "${task}", which is no task of the job.`;
        return refuse(span, message, adviceOnTask(task, known));
      }
      taken.push({ task, span });
      return { to: `${task}${rest}` };
    },
  };
}
