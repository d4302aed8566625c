/** What messages call a logger, an extension or the like: its own name, or that of its class. */

/** @param fallback For plain objects without a name. */
export function nameOfTarget(target: object & { readonly name?: string }, fallback: string): string {
  if (target.name) return target.name;
  const { name } = target.constructor ?? Object;
  return name === "" || name === "Object" ? fallback : name;
}
