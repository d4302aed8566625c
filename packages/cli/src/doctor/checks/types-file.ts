/** The generated types: known to the TypeScript configuration, there, and of the present build. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { type Manifest, STATE_PATHS } from "@millrace/core";
import { reached } from "../attempt.js";
import { type Check, ok, warning } from "../check.js";

export const typesFile: Check = (site) => {
  const project = reached(site.project);
  const tsconfig = reached(project?.tsconfig);
  if (project === undefined || tsconfig === undefined) return undefined;
  const file = join(project.stateDir, STATE_PATHS.types);
  const name = relative(project.root, file);
  if (!tsconfig.covers(file)) {
    const seen = relative(dirname(tsconfig.file), file).split(sep).join("/");
    const { name: list, entries } = tsconfig.list;
    const whole = [...entries, seen].map((entry) => JSON.stringify(entry)).join(", ");
    return warning(
      `${relative(project.root, tsconfig.file)} does not include ${name}: calls are not checked against their parameters`,
      `Write "${list}": [${whole}]; globs alone skip folders whose name begins with a dot.`,
    );
  }
  const manifest = reached(project.manifest);
  if (manifest === undefined) return undefined;
  if (!existsSync(file)) return warning(`${name} is missing`, "Run `flow build`.");
  const outdated = firstOutdated(readFileSync(file, "utf8"), manifest);
  if (outdated !== undefined) {
    return warning(`${name} is not that of the build: ${outdated} differs`, "Run `flow build`.", { id: outdated });
  }
  return ok(`${name} is included, and is that of the build`);
};

/** Id of the first flow that is not registered, or class whose fields are not those of the build. */
function firstOutdated(text: string, { tasks, flows }: Manifest): string | undefined {
  // A flow made by `defineFlow` is registered as `InstanceType<typeof import(…)…>`.
  const unregistered = Object.keys(flows).find(
    (id) => !["", "InstanceType<typeof "].some((form) => text.includes(`${JSON.stringify(id)}: ${form}import(`)),
  );
  if (unregistered !== undefined) return unregistered;
  const lines = text.split("\n");
  return [...Object.values(tasks), ...Object.values(flows)].find(({ exportName, className, params }) => {
    const name = exportName === "default" ? className : exportName;
    // Classes of several modules may share a name.
    const declared = lines.filter((line) => line.includes(`interface ${name} `) || line.includes(`interface ${name}<`));
    const seen = params.map((param) => JSON.stringify(param.name)).join(" | ") || "never";
    return declared.length > 0 && !declared.some((line) => line.includes(`, seen: ${seen}): void`));
  })?.id;
}
