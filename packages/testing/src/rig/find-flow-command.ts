/** Where a project's command `flow` is: the `bin` of the package that brings it, as npm and npx find it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { MillraceError } from "@millrace/core";

/** Packages with the command: the face that people install, and the command alone. */
const PACKAGES = ["millrace", "@millrace/cli"];

/** Absolute path of the script behind `flow`. @throws MillraceError `test-project-misuse` if the project has none. */
export function findFlowCommand(root: string): string {
  const { resolve } = createRequire(join(root, "package.json"));
  for (const name of PACKAGES) {
    try {
      const file = resolve(`${name}/package.json`);
      const { bin } = JSON.parse(readFileSync(file, "utf8")) as { readonly bin?: { readonly flow?: string } };
      if (bin?.flow !== undefined) return join(dirname(file), bin.flow);
    } catch {
      // The next package may have it.
    }
  }
  throw new MillraceError("test-project-misuse", `The test project in ${root} has no command \`flow\`.`, {
    hint: "Install millrace where the test runs, or say where the packages are with `nodeModules`.",
    data: { root },
  });
}
