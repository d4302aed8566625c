/** A call of a task that is on record: what it was given, and what came of it. */
import {
  decodeError,
  decodeValue,
  hashOf,
  MillraceError,
  type RecordedView,
  type Ref,
  type RunId,
  type RunStore,
  recordedSteps,
  type StepView,
  stepLabel,
  suggestName,
} from "@millrace/core";

/** The call. */
export interface RecordedCall {
  readonly run: RunId;
  /** Short name of the step. */
  readonly label: string;
  /** Id of the task. */
  readonly task: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly ended: { readonly value: unknown } | { readonly error: unknown };
}

/**
 * The call of the one step that is named by its label, key, node or task.
 * @throws MillraceError `usage` if none or several are, `value-unreadable`.
 */
export async function recordedCall(store: RunStore, run: RunId, step: string): Promise<RecordedCall> {
  const labels: string[] = [];
  const found: RecordedView[] = [];
  for await (const one of recordedSteps(run, () => store.read(run))) {
    labels.push(stepLabel(one.view));
    if (isNamed(one.view, step)) found.push(one);
  }
  const exact = found.filter(({ view }) => stepLabel(view) === step || view.key === step);
  const [call, another] = exact.length > 0 ? exact : found;
  if (!call) {
    throw new MillraceError("usage", `Run ${run} has no step "${step}".`, {
      hint: suggestName(step, labels, "`flow show` lists the steps of a run."),
      data: { run, step },
    });
  }
  if (another) {
    const named = found.map(({ view }) => stepLabel(view));
    // Those of two sub-flows of one kind may have the same.
    const names = new Set(named).size === named.length ? named : found.map(({ view }) => view.key);
    throw new MillraceError("usage", `Run ${run} has ${found.length} steps of ${step}.`, {
      hint: `Name one: ${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}.`,
      data: { run, step },
    });
  }
  return callOf(store, run, call);
}

function isNamed(view: StepView, step: string): boolean {
  return [stepLabel(view), view.key, view.node, view.task].includes(step);
}

async function callOf(store: RunStore, run: RunId, { view, record }: RecordedView): Promise<RecordedCall> {
  const label = stepLabel(view);
  if (record?.kind !== "step-settled" || !record.params) {
    throw new MillraceError("usage", `What ${label} was given is not on record.`, {
      hint: record ? "A replay is of a task that has run." : "It has not ended yet: wait for it, or let the run fail.",
      data: { run, key: view.key },
    });
  }
  return {
    run,
    label,
    task: view.task,
    params: await withoutRefs(store, run, record.params.read()),
    ended: record.error
      ? { error: decodeError(record.error.read()) }
      : { value: record.value && decodeValue(record.value.read()) },
  };
}

/** Parameters with what stands behind their Refs: results of other steps of the run. */
async function withoutRefs(store: RunStore, run: RunId, bytes: Uint8Array): Promise<RecordedCall["params"]> {
  const refs: Ref[] = [];
  const params = decodeValue(bytes, (ref) => void refs.push(ref));
  if (refs.length === 0) return params as RecordedCall["params"];
  const values = new Map<string, unknown>();
  for await (const fact of store.read(run)) {
    if ((fact.kind !== "step-settled" && fact.kind !== "activation-settled") || !fact.value) continue;
    const { value } = fact;
    // A hash is taken only where the size says that it may be the one.
    const ref = refs.find(({ size, hash }) => size === value.size && hash === (value.hash ?? hashOf(value.read())));
    if (ref) values.set(ref.hash, decodeValue(value.read()));
  }
  return decodeValue(bytes, ({ hash }) => values.get(hash)) as RecordedCall["params"];
}
