/** Parameters as they count: one that is given as undefined has not been given, so that its default holds. */

/** The object without its undefined properties; the same object if there are none. */
export function definedOnly(params: object): object {
  if (!Object.values(params).includes(undefined)) return params;
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}
