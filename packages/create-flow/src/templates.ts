/** The templates that came with this package: their names, their descriptions, their files. Knows nothing of new projects. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nearestName } from "./nearest-name.js";
import { UsageError } from "./usage-error.js";

/** Taken unless another is asked for. */
const DEFAULT = "starter";

/** One template. */
export interface Template {
  readonly name: string;
  /** One line, from its package.json. */
  readonly description: string;
  /** Absolute path. */
  readonly folder: string;
}

/** All templates, the default first. */
export function readTemplates(): readonly Template[] {
  const root = templatesRoot();
  return readdirSync(root)
    .map((name) => {
      const folder = join(root, name);
      // The templates are ours, and a test scaffolds each of them.
      const { description } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { description: string };
      return { name, description, folder };
    })
    .sort((a, b) => Number(b.name === DEFAULT) - Number(a.name === DEFAULT) || a.name.localeCompare(b.name));
}

/** The template of that name. @throws UsageError `unknown-template`. */
export function templateNamed(name: string, templates: readonly Template[]): Template {
  const found = templates.find((template) => template.name === name);
  if (found) return found;
  const names = templates.map((template) => template.name);
  const nearest = nearestName(name, names);
  throw new UsageError(
    "unknown-template",
    `There is no template "${name}".`,
    `${nearest === undefined ? "" : `Did you mean "${nearest}"? `}There are: ${names.join(", ")}.`,
  );
}

/** Beside `dist` in the published package; at the top of the repository in a checkout. */
function templatesRoot(): string {
  const packed = fileURLToPath(new URL("../templates", import.meta.url));
  return existsSync(packed) ? packed : fileURLToPath(new URL("../../../templates", import.meta.url));
}
