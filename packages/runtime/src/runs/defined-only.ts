/** Parameters as they count: one that is given as undefined has not been given, so that its default holds. */

/** The object without its undefined properties; the same object if there are none. */
export function definedOnly(params: object): object {
  const entries = Object.entries(params);
  const defined = entries.filter(([, value]) => value !== undefined);
  return defined.length === entries.length ? params : Object.fromEntries(defined);
}
