/** References in the texts of a task: `$ctx.flow.data.city` as a whole text stands for the value; `\$` is `$` itself. */
import { pathOf, readPath } from "./data-path.js";
import type { TickContext } from "./tick-context.js";

/** How a reference begins. */
export const REFERENCE = "$ctx.";

/**
 * A value with all references in it replaced, once: what comes in is not looked at again.
 * @throws MillraceError `reference-missing`, naming the segment that fails.
 */
export function interpolate(value: unknown, context: TickContext): unknown {
  if (typeof value === "string") {
    if (value.startsWith(REFERENCE)) return readPath(context, pathOf(value.slice(1)));
    return value.startsWith("\\$") ? value.slice(1) : value;
  }
  if (Array.isArray(value)) return value.map((item) => interpolate(item, context));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, interpolate(member, context)]));
}
