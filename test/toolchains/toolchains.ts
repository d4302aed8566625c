/** The toolchains that users compile and run their sources with: the columns of the matrix. */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { nodeBinary } from "../nodes/node-binary.mjs";
import { COMPILERS, type Compiler, packageFile, tscOf } from "./compilers.js";

export interface Toolchain {
  readonly title: string;
  /** It lowers for a language level that it is told. */
  readonly hasTarget: boolean;
  /** Compiles a project and runs its report, which writes the file. Rejects if it does not get that far. */
  report(project: string, file: string, target?: string): Promise<void>;
}

const run = promisify(execFile);

export const TOOLCHAINS: readonly Toolchain[] = [
  ...COMPILERS.map(tsc),
  {
    title: "tsx",
    hasTarget: false,
    report: (project, file) => node(project, file, [packageFile("tsx", "dist/cli.mjs"), "src/program.ts"]),
  },
  {
    title: "esbuild",
    hasTarget: true,
    async report(project, file, target = "node20") {
      const outdir = join(project, "dist/esbuild");
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
  vitest("Vitest 4", "vitest", () => process.execPath),
  // It asks for Node 22.
  vitest("Vitest 5", "vitest-5", () => nodeBinary(22)),
];

function tsc(compiler: Compiler): Toolchain {
  return {
    title: `tsc ${compiler.version}`,
    hasTarget: true,
    async report(project, file, target = "es2022") {
      const outDir = join(project, "dist", compiler.version);
      await node(project, file, [tscOf(compiler), "-p", ".", "--outDir", outDir, "--target", target]);
      await node(project, file, [join(outDir, "program.js")]);
    },
  };
}

const VITEST_CONFIG = `
export default { test: { include: ["src/report.test.ts"], testTimeout: 60_000 } };
`;

function vitest(title: string, name: string, binary: () => string): Toolchain {
  return {
    title,
    hasTarget: false,
    async report(project, file) {
      const link = join(project, "node_modules/vitest");
      mkdirSync(dirname(link), { recursive: true });
      rmSync(link, { force: true });
      symlinkSync(packageFile(name, "."), link);
      writeFileSync(join(project, "vitest.config.mjs"), VITEST_CONFIG);
      await node(project, file, [packageFile(name, "vitest.mjs"), "run"], binary());
    },
  };
}

/** Runs a Node program in a project. What it prints is the rejection's message. */
async function node(project: string, file: string, args: readonly string[], binary = process.execPath): Promise<void> {
  // A Vitest that is started by one must not take itself for a worker.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST") && name !== "NODE_ENV");
  const env = { ...Object.fromEntries(inherited), REPORT: file, NO_COLOR: "1" };
  try {
    await run(binary, args, { cwd: project, env, timeout: 120_000 });
  } catch (error) {
    // Safe: execFile rejects with what the process wrote.
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${stderr}${stdout}`, { cause: error });
  }
}
