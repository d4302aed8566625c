/**
 * A temporary folder with this repository's packages as an install leaves them: real folders in node_modules, not links,
 * since Vite treats linked packages as sources. In it one project for each style, built by `flow build`.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compile } from "@millrace/compiler";
import type { Style } from "./styles.js";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const OURS = ["millrace", "@millrace", "create-flow", "code-census"];

/** Compiler options that every project has. */
const OPTIONS = { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true, types: ["node"] };

export interface Workshop extends Disposable {
  /** Absolute real path. */
  readonly root: string;
  /** Makes the project of a style, builds it, and lets its sources say from then on that they are not the build. */
  project(style: Style): Promise<string>;
}

export function openWorkshop(): Workshop {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "millrace-toolchains-")));
  install(join(root, "node_modules"));
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
      writeFileSync(join(dir, "src/origin.ts"), 'export const ORIGIN: string = "compiled";\n');
      return dir;
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function install(modules: string): void {
  mkdirSync(join(modules, "@millrace"), { recursive: true });
  for (const name of readdirSync(join(REPOSITORY, "node_modules"))) {
    if (!OURS.includes(name)) symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
  }
  for (const name of ["core", "sdk", "runtime", "testing", "cli", "millrace"]) {
    const target = name === "millrace" ? join(modules, name) : join(modules, "@millrace", name);
    for (const part of ["package.json", "dist"]) {
      cpSync(join(REPOSITORY, "packages", name, part), join(target, part), { recursive: true });
    }
  }
}
