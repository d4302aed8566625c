/** The files of a new project, in memory: a template's, with the project's name and the packages it gets. Writes nothing. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Template } from "./templates.js";

/** What a project is made of. */
export interface ProjectPlan {
  readonly template: Template;
  /** Absolute path of the new folder. */
  readonly folder: string;
  /** Name of the new package. */
  readonly name: string;
  /** Version of Millrace. */
  readonly version: string;
  /** Package name → tarball, to install from instead of the registry. */
  readonly packed: ReadonlyMap<string, string> | undefined;
}

/** The parts of a template's package.json that are looked at. */
interface TemplatePackageJson {
  name: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

/** Path inside the project → content. */
export function projectFiles(plan: ProjectPlan): ReadonlyMap<string, string> {
  const { template, name } = plan;
  const files = new Map<string, string>();
  for (const entry of readdirSync(template.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = relative(template.folder, join(entry.parentPath, entry.name));
    const text = readFileSync(join(template.folder, path), "utf8");
    // npm leaves a .gitignore out of tarballs, so templates keep it under another name.
    if (path === "_gitignore") files.set(".gitignore", text);
    else if (path === "package.json") files.set(path, packageJson(text, plan));
    else files.set(path, text.replaceAll("{{name}}", name));
  }
  return files;
}

function packageJson(text: string, { folder, name, version, packed }: ProjectPlan): string {
  // The templates are ours, and a test scaffolds each of them.
  const json = JSON.parse(text) as TemplatePackageJson;
  json.name = name;
  json.dependencies.millrace = version;
  json.devDependencies["@millrace/compiler"] = version;
  if (packed) {
    const tarball = (path: string): string => `file:${relative(folder, path).split(sep).join("/")}`;
    // Packages that only other packages need stand here too: at the top, they satisfy those without a registry.
    for (const [ours, path] of packed) {
      const list = ours === "@millrace/compiler" ? json.devDependencies : json.dependencies;
      list[ours] = tarball(path);
    }
  }
  return `${JSON.stringify(json, null, 2)}\n`;
}
