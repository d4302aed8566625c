/** `npm run matrix`: the templates' own tests (rig, stand-ins, clock, threads, looking for leaks) under Vitest 5. */
import { cpSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageFile } from "./compilers.js";
import { runNode } from "./run-node.js";
import { nodeOf } from "./toolchains.js";
import { openWorkshop, type Workshop } from "./workshop.js";

const TEMPLATES = resolve(import.meta.dirname, "../../templates");

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop("vitest-5");
});
afterAll(() => workshop?.[Symbol.dispose]());

test.each(["starter", "tc39", "functions"])("%s: passes, and fails once a test leaves a timer", async (template) => {
  const cwd = join(workshop.root, "templates", template);
  cpSync(join(TEMPLATES, template), cwd, { recursive: true });
  const run = (...files: readonly string[]): Promise<string> =>
    runNode({ cwd, args: [packageFile("vitest-5", "vitest.mjs"), "run", ...files], binary: nodeOf("vitest-5") });

  expect(await run()).toMatch(/Test Files {2}3 passed \(3\)/);

  writeFileSync(
    join(cwd, "test/leaving.test.ts"),
    'import { it } from "vitest";\nit("leaves a timer", () => void setTimeout(() => {}, 1e6));\n',
  );
  await expect(run("test/leaving.test.ts")).rejects.toThrow('timer, created in "leaves a timer"');
});
