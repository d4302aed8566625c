/** The steps of a run with what they came to, read from its record. */
import { decodeError, decodeValue, type EndedAttempt, type ReadFacts, type RunId, recordedSteps } from "@millrace/core";
import type { RecordedStep, RecordedTry } from "../api/recorded-step.js";

/** Reads them one by one, in the order of RunView. @throws MillraceError `unknown-run` if there are no facts; `store-corrupt`. */
export async function* readSteps(id: RunId, facts: ReadFacts): AsyncGenerator<RecordedStep> {
  for await (const { view, record, attempts: ended } of recordedSteps(id, facts)) {
    const { key, node, task, state, attempts, startedAt, endedAt } = view;
    yield {
      step: { key, node, task },
      state,
      attempts,
      tries: ended.map(recordedTry),
      startedAt,
      endedAt,
      ...(record?.value ? { value: decodeValue(record.value.read()) } : {}),
      ...(record?.error ? { error: decodeError(record.error.read()) } : {}),
    };
  }
}

function recordedTry({ startedAt, endedAt, error }: EndedAttempt): RecordedTry {
  return { startedAt, endedAt, ...(error ? { error: decodeError(error.read()) } : {}) };
}
