/**
 * A temporary folder with this repository's packages as an install leaves them: real folders in node_modules, not links,
 * since Vite treats linked packages as sources, and ours have to find the Vitest of the project. In it one project for
 * each style, built by `flow build`.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compile } from "@millrace/compiler";
import { packageFile } from "./compilers.js";
import { STYLES, type Style } from "./styles.js";

const REPOSITORY = resolve(import.meta.dirname, "../..");
/** What is not linked as it lies here. */
const OWN = ["millrace", "@millrace", "create-flow", "code-census", "vitest"];

/** Compiler options that every project has. */
const OPTIONS = { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true, types: ["node"] };

export interface Workshop extends Disposable {
  /** Absolute real path. */
  readonly root: string;
  /** Builds the project of a style. Its absolute real path. */
  project(style: Style): Promise<string>;
}

/** `vitest` is the name under which the Vitest is installed that its projects have. */
export function openWorkshop(vitest: string): Workshop {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "millrace-toolchains-")));
  for (const style of STYLES) writeProject(join(root, style.id), style);
  // After the projects: a build right after the last edit of its sources is not remembered.
  install(join(root, "node_modules"), vitest);
  return {
    root,
    async project({ id }) {
      const dir = join(root, id);
      const { diagnostics } = await compile({ cwd: dir, mode: "build" });
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
      return dir;
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function writeProject(dir: string, { sources, compilerOptions }: Style): void {
  for (const part of ["harness", sources]) {
    cpSync(join(import.meta.dirname, "project", part), dir, { recursive: true });
  }
  const config = {
    compilerOptions: { ...OPTIONS, rootDir: "src", ...compilerOptions },
    include: ["src", ".flow/types.d.ts"],
    exclude: ["**/*.test.ts"],
  };
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(config));
}

function install(modules: string, vitest: string): void {
  mkdirSync(join(modules, "@millrace"), { recursive: true });
  for (const name of readdirSync(join(REPOSITORY, "node_modules"))) {
    if (!OWN.includes(name)) symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
  }
  symlinkSync(packageFile(vitest, "."), join(modules, "vitest"));
  for (const name of ["core", "sdk", "compiler", "jobs", "runtime", "testing", "cli", "millrace"]) {
    const target = name === "millrace" ? join(modules, name) : join(modules, "@millrace", name);
    for (const part of ["package.json", "dist"]) {
      cpSync(join(REPOSITORY, "packages", name, part), join(target, part), { recursive: true });
    }
  }
}
