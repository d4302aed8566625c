/** Scripts that run TypeScript by Node's own type stripping, which refuses decorators. */
import { reached } from "../attempt.js";
import { type Check, ok, warning } from "../check.js";
import { mayUseDecorators } from "../decorated-modules.js";

/** The flag, or a plain `node file.ts`, which newer Nodes run by stripping types. */
const STRIPPING =
  /--experimental-(strip|transform)-types\b|\bnode\s+(?:(?!-{1,2}(?:import|loader|require|r)\b)[^&|;\s]+\s+)*?[^&|;\s-][^&|;\s]*\.[cm]?ts\b/;

export const scripts: Check = (site) => {
  const project = reached(site.project);
  const all = project?.packageJson.scripts;
  if (project === undefined || typeof all !== "object" || all === null) return undefined;
  // Safe: an object of JSON; what is no text is passed over.
  const found = Object.entries(all as Readonly<Record<string, unknown>>).find(
    ([, text]) => typeof text === "string" && STRIPPING.test(text),
  );
  if (found === undefined) return ok("no script runs TypeScript by type stripping");
  if (!mayUseDecorators(project)) return ok("type stripping finds no decorators that it would refuse");
  const [name] = found;
  return warning(
    `The script "${name}" runs TypeScript by Node's type stripping, which refuses decorators`,
    "Run it with tsx (npm install --save-dev tsx; `tsx file.ts`), or compile first; tasks and flows themselves run from the build.",
    { script: name, text: found[1] },
  );
};
