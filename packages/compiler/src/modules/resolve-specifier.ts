/** Where an import leads, by the rules of the build: esbuild's resolver and the nearest tsconfig. Called by the module compiler. */
import { dirname } from "node:path";
import { build, type ResolveResult } from "esbuild";
import { forcedTsconfig, MODULE_OPTIONS } from "../emit/esbuild-options.js";
import { classifyImport, isBuiltin, packageLookup } from "../emit/resolve-import.js";
import type { ProjectLocation } from "../project/locate-project.js";

/** The project module that a specifier leads to; undefined if it leads to none. Paths are absolute. */
export async function resolveSpecifier(
  location: ProjectLocation,
  { specifier, importer }: { readonly specifier: string; readonly importer: string },
): Promise<string | undefined> {
  if (isBuiltin(specifier)) return undefined;
  const tsconfig = forcedTsconfig(importer, location);
  let found: ResolveResult | undefined;
  await build({
    ...MODULE_OPTIONS,
    absWorkingDir: location.root,
    stdin: { contents: "" },
    bundle: true,
    write: false,
    ...(tsconfig === undefined ? {} : { tsconfig }),
    plugins: [
      {
        name: "millrace-resolve",
        setup(question) {
          // The resolver answers only while a build runs, so there is one, of nothing.
          question.onStart(async () => {
            const asked = { kind: "import-statement", importer, resolveDir: dirname(importer) } as const;
            found = await question.resolve(specifier, asked);
          });
        },
      },
    ],
  });
  if (!found || found.errors.length > 0 || found.external || found.namespace !== "file") return undefined;
  const target = classifyImport(specifier, found.path, packageLookup());
  return target.kind === "module" ? target.file : undefined;
}
