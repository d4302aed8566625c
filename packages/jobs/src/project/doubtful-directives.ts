/** Directives that are nobody's and look like one that has a meaning: most likely misspelt. They are kept, and told. */
import { meantDirective } from "./check-directives.js";
import type { ProjectIssue } from "./project-issue.js";
import { issueAt } from "./read-tasks.js";
import type { Directives } from "./task.js";
import type { Path, Source } from "./yaml-source.js";

/** Directives with what leads to them in their source. */
export interface PlacedDirectives {
  readonly directives: Directives;
  readonly path: Path;
}

/** One warning a name, at the first task that has it. */
export function doubtfulDirectives(tasks: readonly PlacedDirectives[], source: Source): readonly ProjectIssue[] {
  const found = new Map<string, { readonly at: Path; readonly meant: string; times: number }>();
  for (const { directives, path } of tasks)
    for (const name of Object.keys(directives)) {
      const meant = meantDirective(name, directives);
      const known = found.get(name);
      if (known) known.times += 1;
      else if (meant !== undefined) found.set(name, { at: [...path, name], meant, times: 1 });
    }
  return [...found.values()].map(({ at, meant, times }) => {
    const often = times > 1 ? ` (in ${times} tasks)` : "";
    return issueAt(source, at, `has no effect${often}. Did you mean "${meant}"?`);
  });
}
