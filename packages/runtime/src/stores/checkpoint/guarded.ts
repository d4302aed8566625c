/** Calls of a checkpointer, whose failures are told as those of a store. */
import { MillraceError } from "@millrace/core";

/** Runs the checkpointer's code. @throws MillraceError `store-unusable`. */
export async function guarded<T>(name: string, verb: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError("store-unusable", `The checkpointer cannot ${verb} the checkpoint "${name}": ${reason}`, {
      hint: "See the cause. What was written before is safe, and its runs can be resumed.",
      data: { checkpoint: name },
      cause,
    });
  }
}
