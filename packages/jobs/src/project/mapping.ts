/** Mappings of YAML and JSON. */

/** Values by name. */
export type Mapping = Readonly<Record<string, unknown>>;

/** True for mappings; lists are none. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
