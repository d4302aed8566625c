/** The tasks that others may name. */
import { suggestName } from "@millrace/core";

/** Which there are. */
export interface KnownTasks {
  readonly names: ReadonlySet<string>;
  /** False if more may stand in a field whose name is misspelt: that a task is missing would only follow from it. */
  readonly wholly: boolean;
}

/** What to do about a name that no task has. */
export function adviceOnTask(name: string, { names }: KnownTasks): string {
  return suggestName(name, names, `There are ${[...names].join(", ")}.`);
}
