/** What a task or a rule runs: one of a few fields, each with a name, or the text of a command. */
import type { RuleRun } from "@millrace/core";
import { type FieldReader, isOpen, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import type { SourceMap } from "./source-map.js";
import type { Field } from "./tree.js";

type RunKind = "task" | "flow" | "rule" | "shell" | "container";
type TaskRunKind = Exclude<RunKind, "rule">;

/** What the fields hold, for people. */
const WORDS: Readonly<Record<RunKind, string>> = {
  task: "the name of a task",
  flow: "the name of a flow",
  rule: "the name of a rule",
  shell: "a command",
  container: "an image",
};

/** What tasks can run. */
export const TASK_RUNS: readonly TaskRunKind[] = ["task", "flow", "shell", "container"];
/** What rules can run. */
export const RULE_RUNS: readonly RunKind[] = ["task", "flow", "rule", "shell", "container"];

/** What such a field becomes in the document. */
type RunOf<K extends RunKind> = K extends "rule" ? RuleRun : Exclude<RuleRun, { readonly rule: string }>;

/** Whose field is read, and into what. */
export interface RunTarget {
  /** Of what runs, in the document: `nodes[3].run`. */
  readonly path: string;
  readonly places: SourceMap;
  readonly report: ReportFinding;
}

/** Reads it. More than one such field is reported; undefined if there is none, or it holds nothing to run. */
export function readRun<K extends RunKind>(
  fields: FieldReader,
  kinds: readonly K[],
  { path, places, report }: RunTarget,
): RunOf<K> | undefined {
  const [first, second] = kinds.flatMap((kind) => {
    const field = fields.field(kind);
    return field ? [{ kind, field }] : [];
  });
  if (!first) return undefined;
  if (second) {
    const message = `"${fields.name}" names a ${first.kind} and a ${second.kind}, and can run one of them.`;
    const related = [{ span: first.field.key, message: `the ${first.kind}` }];
    report({ code: "job-invalid", span: second.field.key, message, related });
  }
  const { kind, field } = first;
  const { span } = field.value;
  const name = fields.nameOf(kind);
  places.set(path, { name, span, open: isOpen(field.value) });
  places.set(`${path}.${kind}`, { name, span, open: isOpen(field.value) });
  const text = fields.take(kind, WORDS[kind], textOf);
  if (text === undefined) return undefined;
  if (kind === "shell" || kind === "container") refuseReference(name, field, report);
  // One of the kinds, all of the same form. $${{ is the text itself, as it is in parameters.
  return { [kind]: text.replaceAll("$${{", () => "${{") } as unknown as RunOf<K>;
}

/** What a shell reads would be run as its own text. */
function refuseReference(name: string, { value }: Field, report: ReportFinding): void {
  if (value.kind !== "leaf" || value.style === "literal" || !/(?<!\$)\$\{\{/.test(String(value.value))) return;
  report({
    code: "job-reference-invalid",
    span: value.span,
    message: `"${name}" takes a result in its text, and results reach a command by its parameters alone.`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text shows how references are written
    hint: 'Write parameters: { env: { NAME: "${{ … }}" } } and "$NAME" in the command.',
  });
}
