/** Reduces anything thrown to the plain error that events, views and documents show. */
import type { ErrorSummary } from "./events.js";

/** Name, message, code and stack of a thrown value; what is no error is shown as text. */
export function errorSummary(thrown: unknown): ErrorSummary {
  if (typeof thrown !== "object" || thrown === null) return { name: "Error", message: String(thrown) };
  const { name, message, code, stack } = thrown as Readonly<Record<string, unknown>>;
  return {
    name: typeof name === "string" && name !== "" ? name : "Error",
    message: typeof message === "string" ? message : "",
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof stack === "string" ? { stack } : {}),
  };
}
