/** What to say of a misspelt name: the nearest one that exists. The one wording for hints and messages. */
import { nearestName } from "./nearest-name.js";

/** `Did you mean "days"?`; undefined if no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const near = nearestName(name, known);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

/** The nearest name, then `otherwise`, which stands alone where none is near. */
export function suggestName(name: string, known: Iterable<string>, otherwise: string): string {
  const question = didYouMean(name, known);
  return question === undefined ? otherwise : `${question} ${otherwise}`;
}
