/** A project of one module, for tests whose sources are made by a program. */
import type { TestProject } from "@millrace/testing";
import { fixtureProject } from "./fixture-project.js";

const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023"],
    module: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  },
  include: ["src", ".flow/types.d.ts"],
};

/** The project, whose module is `src/main.ts`. */
export function oneModule(source: string): Promise<TestProject> {
  return fixtureProject("none", {
    "package.json": '{ "name": "one", "version": "1.0.0", "private": true, "type": "module" }',
    "tsconfig.json": JSON.stringify(TSCONFIG),
    "src/main.ts": source,
  });
}
