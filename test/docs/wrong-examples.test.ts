/** Examples that are wrong are found, each at its line of the page. */
import { createTestProject } from "@millrace/testing";
import { expect, test } from "vitest";
import { codeExample, testsOf } from "./code-examples.js";
import { TSC, VITEST } from "./installed.js";
import type { Block } from "./read-blocks.js";

const block = (line: number, text: string, more: Partial<Block> = {}): Block => ({
  page: "docs/page.md",
  line,
  language: "ts",
  text,
  ...more,
});
const OPTIONS = { target: "es2022", module: "nodenext", strict: true, noEmit: true, skipLibCheck: true };

test("types, stated values and printed lines", { timeout: 120_000 }, async () => {
  const examples = [
    block(7, "const five: string = 5;\n"),
    block(20, 'export const text = "ab";\ntext.length; // 3, its letters\n'),
    block(30, 'console.log("one");\n', { prints: "two\n" }),
    block(40, 'console.log("one");\n', { prints: "one\n" }),
  ].map(codeExample);
  await using project = await createTestProject({
    files: {
      ...Object.fromEntries(examples.map(({ path, source }) => [path, source])),
      "tsconfig.json": JSON.stringify({ compilerOptions: OPTIONS, include: ["examples/*.ts"] }),
      "test/examples.test.ts": testsOf(examples.filter(({ runs }) => runs)),
    },
  });
  const typed = await project.node([TSC]).done;
  expect(typed.stdout).toMatch(/^examples\/page_7\.ts\(7,7\): error TS2322: .*\n$/);
  const ran = await project.node([VITEST, "run", "--disableConsoleIntercept"]).done;
  expect(ran.stdout).toMatch(/Tests +2 failed \| 1 passed/);
  expect(ran.stdout + ran.stderr).toMatch(/examples\/page_20\.ts:21:/);
});

test("a mark that nobody understands is named with its place", () => {
  expect(() => codeExample(block(3, "", { mark: "example: with sdk, rnus" }))).toThrow(
    'docs/page.md:3: nobody understands the mark "example: with sdk, rnus"',
  );
});
