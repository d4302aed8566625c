/** The functions that nodes of flow specs run on an engine, on its main thread. */

/** Names of the functions, as job graphs have them. */
export const PRINT_FUNCTION = "flow-spec-print";
export const NOOP_FUNCTION = "flow-spec-noop";

/** Functions by name, for an engine that runs or goes on with specs. @param print Where `print` and `log` tasks print. */
export function specFunctions(
  print: (line: string) => void,
): Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => unknown>> {
  return {
    [NOOP_FUNCTION]: () => null,
    [PRINT_FUNCTION]: ({ mark = "", msg }) => {
      const line = `${mark}${typeof msg === "string" ? msg : JSON.stringify(msg)}`;
      print(line);
      return line;
    },
  };
}
