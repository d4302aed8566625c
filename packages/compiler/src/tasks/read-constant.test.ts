import { Project } from "ts-morph";
import { expect, test } from "vitest";
import { readConstant } from "./read-constant.js";

const project = new Project({ useInMemoryFileSystem: true });

function read(expression: string): ReturnType<typeof readConstant> {
  const text = `enum Mode { Fast = "fast", Slow = 2 }\nconst other = 1;\nexport const value = ${expression};\n`;
  const file = project.createSourceFile("case.ts", text, { overwrite: true });
  return readConstant(file.getVariableDeclarationOrThrow("value").getInitializer());
}

test.each<[string, unknown]>([
  ["1_000", 1000],
  ["-1.5", -1.5],
  ["+2", 2],
  ['"a\\n"', "a\n"],
  ["`plain`", "plain"],
  ["true", true],
  ["null", null],
  ["[1, [2]] as const", [1, [2]]],
  ['({ a: 1, "b-c": { d: [] } }) satisfies object', { a: 1, "b-c": { d: [] } }],
  ["Mode.Fast", "fast"],
  ["Mode.Slow", 2],
  ["{ 'quoted': 1, 2: 3 }", { quoted: 1, 2: 3 }],
])("%s is constant", (expression, value) => {
  expect(read(expression)).toEqual({ value });
});

test.each([
  "other",
  "-0",
  "1n",
  "[...[]]",
  "{ ...{} }",
  "{ [`a`]: 1 }",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template as source text
  "`${1}`",
  "new Date(0)",
  "undefined",
  "1 + 1",
  "{ other }",
  "[, 1]",
])("%s is not", (expression) => {
  expect(read(expression)).toBeUndefined();
});
