/** A build reads the project and runs nothing of it, wherever code stands; a run does, which shows that the traps are set. */
import { existsSync } from "node:fs";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";

const TRAP = `import { appendFileSync } from "node:fs";
export function trap<T>(where: string, value: T): T {
  appendFileSync(process.env.TRAPS ?? "traps", where + "\\n");
  return value;
}
`;
const FLOWS = `import { Flow, flow, param, Task, task } from "@millrace/sdk";
import { named } from "trapped";
import { trap } from "./trap.js";

trap("module", 0);
export const limit = trap("constant", 3);
enum Level {
  Low = trap("enum", 1),
}

@task
export class Count extends Task<number> {
  static readonly step = trap("static field", 1);
  static {
    trap("static block", 0);
  }
  @param() n!: number;
  @param() by = trap("default", 1);

  [trap("computed name", "extra")](): void {}

  run(): number {
    return this.n + this.by + Level.Low;
  }
}

@flow
export class Counting extends Flow<number> {
  run(): Promise<number> {
    return this.call(Count, { n: limit + named });
  }
}
`;

let project: TestProject;
beforeAll(async () => {
  project = await createTestProject({
    env: { TRAPS: "traps" },
    files: {
      "package.json": '{ "name": "trapped-project", "type": "module" }',
      "tsconfig.json":
        '{ "compilerOptions": { "target": "es2022", "module": "nodenext", "strict": true, "experimentalDecorators": true }, "include": ["src"] }',
      "src/trap.ts": TRAP,
      "src/flows.ts": FLOWS,
      "node_modules/trapped/package.json":
        '{ "name": "trapped", "version": "1.0.0", "type": "module", "exports": { "types": "./index.d.ts", "default": "./index.js" } }',
      "node_modules/trapped/index.d.ts": "export declare const named: number;\n",
      "node_modules/trapped/index.js":
        'import { appendFileSync } from "node:fs";\nappendFileSync("traps", "package\\n");\nexport const named = 1;\n',
    },
  });
});
afterAll(() => project.remove());

it.each([
  { command: "build", args: [] },
  { command: "check", args: [] },
  { command: "graph", args: ["Counting"] },
  { command: "diff", args: [] },
  { command: "run", args: ["Counting", "--help"] },
])("flow $command $args runs nothing of it", async ({ command, args }) => {
  const { code, stderr } = await project.flow(command, ...args);
  expect(code, stderr).toBe(0);
  expect(existsSync(project.path("traps"))).toBe(false);
});

it("a run meets them", async () => {
  const { code, stdout, stderr } = await project.flow("run", "Counting");
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "6\n" });
  const met = new Set(project.read("traps").split("\n"));
  expect([...met].sort()).toEqual([
    "",
    "computed name",
    "constant",
    "default",
    "enum",
    "module",
    "package",
    "static block",
    "static field",
  ]);
});
