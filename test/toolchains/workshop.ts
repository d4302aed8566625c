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
import type { Style } from "./styles.js";

const REPOSITORY = resolve(import.meta.dirname, "../..");
/** What is not linked as it lies here. */
const OWN = ["millrace", "@millrace", "create-flow", "code-census", "vitest"];

/** Compiler options that every project has. */
const OPTIONS = { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true, types: ["node"] };

export interface Workshop extends Disposable {
  /** Absolute real path. */
  readonly root: string;
  /** Makes the project of a style and builds it. Absolute real path. */
  project(style: Style): Promise<string>;
}

/** `vitest` is the name under which the Vitest is installed that its projects have. */
export function openWorkshop(vitest: string): Workshop {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "millrace-toolchains-")));
  install(join(root, "node_modules"), vitest);
  return {
    root,
    async project(style) {
      const dir = join(root, style.id);
      for (const sources of ["harness", style.sources]) {
        cpSync(join(import.meta.dirname, "project", sources), dir, { recursive: true });
      }
      const config = {
        compilerOptions: { ...OPTIONS, rootDir: "src", ...style.compilerOptions },
        include: ["src", ".flow/types.d.ts"],
        exclude: ["**/*.test.ts"],
      };
      writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(config));
      const { diagnostics } = await compile({ cwd: dir, mode: "build" });
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
      return dir;
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function install(modules: string, vitest: string): void {
  mkdirSync(join(modules, "@millrace"), { recursive: true });
  for (const name of readdirSync(join(REPOSITORY, "node_modules"))) {
    if (!OWN.includes(name)) symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
  }
  symlinkSync(packageFile(vitest, "."), join(modules, "vitest"));
  for (const name of ["core", "sdk", "compiler", "runtime", "testing", "cli", "millrace"]) {
    const target = name === "millrace" ? join(modules, name) : join(modules, "@millrace", name);
    for (const part of ["package.json", "dist"]) {
      cpSync(join(REPOSITORY, "packages", name, part), join(target, part), { recursive: true });
    }
  }
}
