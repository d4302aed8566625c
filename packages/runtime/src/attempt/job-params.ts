/** The parameters of a job, decoded where it runs, with values in place of Refs. */
import { readFileSync } from "node:fs";
import type { Job, JobRef } from "@millrace/core";
import { bug, decodeValue, hashOf, MillraceError } from "@millrace/core/thread";

/** Decodes them. @throws MillraceError `value-unreadable`, `store-corrupt`. */
export function jobParams({ params, refs = [] }: Pick<Job, "params" | "refs">): object {
  const byHash = new Map(refs.map((ref) => [ref.hash, ref]));
  // The bytes were made by encodeValue from the caller's parameter object.
  return decodeValue(params, ({ hash }) => {
    const found = byHash.get(hash);
    if (!found) throw bug("A job does not bring what stands behind a Ref of its parameters.", { hash });
    return decodeValue(bytesOf(found));
  }) as object;
}

function bytesOf({ hash, bytes }: JobRef): Uint8Array {
  if (typeof bytes !== "string") return bytes;
  const stored = contentOf(bytes);
  if (hashOf(stored) === hash) return stored;
  throw unreadable(bytes, "its bytes are not those that were recorded");
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw unreadable(file, cause instanceof Error ? cause.message : String(cause));
  }
}

function unreadable(file: string, problem: string): MillraceError {
  return new MillraceError("store-corrupt", `The content file "${file}" cannot be used: ${problem}.`, {
    hint: "Restore the file from a backup and resume the run, or start the run again under a new id.",
    data: { file },
  });
}
