/** Reduces anything thrown to the plain error that events, views and documents show. */
import type { ErrorSummary } from "./events.js";

/** How far causes of causes are followed: an error may be its own cause. */
const MAX_DEPTH = 8;

/** Name, message, code, stack, cause and errors of a thrown value; what is no error is shown as text. */
export function errorSummary(thrown: unknown): ErrorSummary {
  return summaryAt(thrown, 0);
}

function summaryAt(thrown: unknown, depth: number): ErrorSummary {
  if (typeof thrown !== "object" || thrown === null) return { name: "Error", message: String(thrown) };
  const { name, message, code, stack, cause, errors } = thrown as Readonly<Record<string, unknown>>;
  return {
    name: typeof name === "string" && name !== "" ? name : "Error",
    message: typeof message === "string" ? message : "",
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof stack === "string" ? { stack } : {}),
    ...(cause === undefined || depth === MAX_DEPTH ? {} : { cause: summaryAt(cause, depth + 1) }),
    ...(Array.isArray(errors) && depth < MAX_DEPTH ? { errors: errors.map((e) => summaryAt(e, depth + 1)) } : {}),
  };
}
