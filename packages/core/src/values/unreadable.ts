/** The error for stored bytes that cannot be read back. Used by everything that decodes. */
import { MillraceError } from "../errors/millrace-error.js";

/** A `value-unreadable` error. `reason` goes on after "the value cannot be read:". */
export function unreadable(
  reason: string,
  init: { readonly hint?: string; readonly cause?: unknown } = {},
): MillraceError {
  return new MillraceError("value-unreadable", `A stored value cannot be read: ${reason}.`, {
    hint:
      init.hint ??
      "Read it with the Millrace version that wrote it. If that is this one, the bytes are damaged: run the step again.",
    data: { reason },
    cause: init.cause,
  });
}
