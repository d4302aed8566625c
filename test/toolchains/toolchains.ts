/** The toolchains that users compile and run their sources with: rows of the matrix. */
import { join } from "node:path";
import { build } from "esbuild";
import { nodeBinary } from "../nodes/node-binary.mjs";
import { COMPILERS, type Compiler, packageFile, tscOf } from "./compilers.js";
import { runNode } from "./run-node.js";

/** Names under which the Vitest versions are installed. A project has one of them, whatever compiles it. */
export const VITESTS = ["vitest", "vitest-5"] as const;

export interface Toolchain {
  readonly title: string;
  /** It lowers for a language level that it is told. */
  readonly hasTarget: boolean;
  /** What the project has as `vitest`. */
  readonly vitest: (typeof VITESTS)[number];
  /** Compiles a project and runs its report, which writes the file. Rejects if it does not get that far. */
  report(project: string, file: string, target?: string): Promise<void>;
}

export const TOOLCHAINS: readonly Toolchain[] = [
  ...COMPILERS.map(tsc),
  {
    title: "tsx",
    hasTarget: false,
    vitest: "vitest",
    report: (project, file) => node(project, file, [packageFile("tsx", "dist/cli.mjs"), "src/program.ts"]),
  },
  {
    title: "esbuild",
    hasTarget: true,
    vitest: "vitest",
    async report(project, file, target = "node20") {
      const outdir = join(project, "dist/esbuild", target);
      await build({
        absWorkingDir: project,
        entryPoints: ["src/program.ts"],
        bundle: true,
        splitting: true,
        format: "esm",
        platform: "node",
        packages: "external",
        target,
        outdir,
        logLevel: "silent",
      });
      await node(project, file, [join(outdir, "program.js")]);
    },
  },
  vitest("Vitest 4", "vitest", "plugin.config.mjs"),
  vitest("Vitest 5", "vitest-5", "plugin.config.mjs"),
];

/** Vitest without the plugin. */
export const PLAIN_VITESTS: readonly Toolchain[] = [
  vitest("plain Vitest 4", "vitest", "plain.config.mjs"),
  vitest("plain Vitest 5", "vitest-5", "plain.config.mjs"),
];

/** The Node that runs a Vitest. */
export function nodeOf(name: Toolchain["vitest"]): string {
  // Vitest 5 asks for Node 22.
  return name === "vitest-5" ? nodeBinary(22) : process.execPath;
}

function tsc(compiler: Compiler): Toolchain {
  return {
    title: `tsc ${compiler.version}`,
    hasTarget: true,
    vitest: "vitest",
    async report(project, file, target = "es2022") {
      const outDir = join(project, "dist", compiler.version, target);
      await node(project, file, [tscOf(compiler), "-p", ".", "--outDir", outDir, "--target", target]);
      await node(project, file, [join(outDir, "program.js")]);
    },
  };
}

function vitest(title: string, name: Toolchain["vitest"], config: string): Toolchain {
  return {
    title,
    hasTarget: false,
    vitest: name,
    report: (project, file) =>
      node(project, file, [packageFile(name, "vitest.mjs"), "run", "--config", config], nodeOf(name)),
  };
}

async function node(project: string, file: string, args: readonly string[], binary?: string): Promise<void> {
  await runNode({ cwd: project, args, env: { REPORT: file }, ...(binary !== undefined && { binary }) });
}
