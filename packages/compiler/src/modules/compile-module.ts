/**
 * One module through esbuild, with its nearest tsconfig; imports stay as they are spelt. Called by the module compiler.
 * Names need no `keepNames`, since nothing is put together that could rename them; its helper would come too late for
 * what test runners move to the top of a module.
 */
import { dirname } from "node:path";
import { build } from "esbuild";
import { applyEdits, type TextEdit } from "../emit/apply-edits.js";
import { forcedTsconfig, loaderOf, MODULE_OPTIONS } from "../emit/esbuild-options.js";
import type { ProjectLocation } from "../project/locate-project.js";

/** A compiled module. */
export interface CompiledModule {
  /** JavaScript that Node 20 understands; imports are spelt as in the source. */
  readonly code: string;
  /** Source map, version 3, as JSON. Lines are exact; columns of stamped lines are those of the stamped text. */
  readonly map: string;
}

/** What is to be compiled. */
export interface ModuleRequest {
  /** Absolute real path. */
  readonly file: string;
  readonly text: string;
  /** Undefined for files that the build does not stamp. */
  readonly stamps: { readonly edits: readonly TextEdit[]; readonly stampsModule: string } | undefined;
}

/** Compiles a text that stands for a file. Rejects with esbuild's failure on wrong syntax. */
export async function compileModule(
  location: ProjectLocation,
  { file, text, stamps }: ModuleRequest,
): Promise<CompiledModule> {
  const tsconfig = forcedTsconfig(file, location);
  const { outputFiles } = await build({
    ...MODULE_OPTIONS,
    absWorkingDir: location.root,
    entryPoints: [file],
    outdir: dirname(file),
    write: false,
    sourcemap: "external",
    sourcesContent: false,
    ...(tsconfig === undefined ? {} : { tsconfig }),
    plugins: [
      {
        name: "millrace-text",
        setup({ onLoad }) {
          onLoad({ filter: /.*/ }, () => ({
            contents: stamps ? applyEdits(text, stamps.edits, stamps.stampsModule) : text,
            loader: loaderOf(file),
          }));
        },
      },
    ],
  });
  const outputs = new Map(outputFiles.map((output) => [output.path.endsWith(".map"), output.text]));
  const map = { ...(JSON.parse(outputs.get(true) ?? "{}") as object), sources: [file], sourcesContent: [text] };
  return { code: outputs.get(false) ?? "", map: JSON.stringify(map) };
}
