/** What an attempt hands out, as bytes: its result and its chunks, within their limits. */
import { encodeFor, MillraceError } from "@millrace/core/thread";
import type { AttemptJob } from "./load-task.js";

/** Largest encoded chunk of a stream, bytes. */
const MAX_CHUNK_BYTES = 1 << 20;

/** No value is larger, bytes: one call hashes and writes no more. */
const MAX_VALUE_BYTES = 2 ** 31 - 1;

/** Whose output it is. */
type Giver = Pick<AttemptJob, "key" | "task">;

/** @throws MillraceError `value-not-sendable`, also for a chunk that is too large. */
export function encodeChunk(chunk: unknown, from: Giver): Uint8Array {
  const value = encodeFor(from.task, "chunk", chunk);
  if (value.byteLength <= MAX_CHUNK_BYTES) return value;
  throw tooLarge("A chunk", value.byteLength, MAX_CHUNK_BYTES, {
    from,
    hint: "Emit smaller parts, or the path of a file that holds it.",
  });
}

/** @throws MillraceError `value-not-sendable`, also for a result over the job's limit. */
export function encodeResult(result: unknown, job: AttemptJob): Uint8Array {
  const value = encodeFor(job.task, "result", result);
  const limit = Math.min(job.maxResultBytes ?? MAX_VALUE_BYTES, MAX_VALUE_BYTES);
  if (value.byteLength <= limit) return value;
  const hint =
    limit < MAX_VALUE_BYTES
      ? 'Return less (a path or an id instead of the data), or raise "maxResultBytes".'
      : "Return a path or an id instead of the data: no result can be larger.";
  throw tooLarge("The result", value.byteLength, limit, { from: job, hint });
}

function tooLarge(
  what: string,
  bytes: number,
  limit: number,
  { from, hint }: { readonly from: Giver; readonly hint: string },
): MillraceError {
  return new MillraceError(
    "value-not-sendable",
    `${what} of ${from.task} (step ${from.key}) takes ${bytes} bytes, over its limit of ${limit}.`,
    { hint, data: { step: from.key, task: from.task, bytes, limit } },
  );
}
