/** The error for values that cannot go to a thread or into the store, with their path and a remedy. */
import { MillraceError } from "../errors/millrace-error.js";

/**
 * A `value-not-sendable` error.
 * @param path Where the value is: `result.items[3].callback`; also in `data.path`.
 * @param what Why it is refused; goes on after the path.
 * @param remedy What to do.
 */
export function notSendable(path: string, what: string, remedy: string): MillraceError {
  return new MillraceError("value-not-sendable", `${shorten(path)} ${what} and cannot be sent or stored.`, {
    hint: remedy,
    data: { path, reason: what },
  });
}

/** Keeps both ends of a path that would fill the screen; `data.path` has all of it. */
function shorten(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 80)} … ${path.slice(-80)}`;
}
