/** The text of one step of a path: `.name`, or `["odd name"]`. Only error messages need it. */

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** How a property is reached. */
export function placeOfKey(key: string): string {
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
