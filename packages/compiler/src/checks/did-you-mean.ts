/** The hint for a misspelt name. */
import { nearestName } from "@millrace/core";

/** `Did you mean "days"?`; undefined if no name is near. */
export function didYouMean(name: string, names: readonly string[]): string | undefined {
  const near = nearestName(name, names);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}
