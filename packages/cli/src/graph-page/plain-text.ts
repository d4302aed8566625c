/** A value of a document as one line for people. */
export function plainText(value: unknown): string {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return typeof value === "string" ? value : JSON.stringify(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${plainText(inner)}`)
    .join(", ");
}
