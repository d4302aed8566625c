/** Doc tags that demand what cannot be demanded are findings at the tag; near misses are not. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { oneModule } from "./one-module.js";

const BAD: readonly (readonly [string, string])[] = [
  ["/** @minimum many */\n@param() p!: number", '@minimum takes a number, not "many".'],
  ["/** @minimum */\n@param() p!: number", "@minimum takes a number, not nothing."],
  ["/** @multipleOf 0 */\n@param() p!: number", '@multipleOf takes a number above 0, not "0".'],
  ["/** @maxLength -1 */\n@param() p!: string", '@maxLength takes a whole number from 0, not "-1".'],
  ["/** @pattern ([a */\n@param() p!: string", '@pattern takes a regular expression, not "([a".'],
  ["/** @format phone */\n@param() p!: string", "@format takes one of date-time, date, "],
  ["/** @asType float */\n@param() p!: number", '@asType takes the word integer, not "float".'],
  ["/** @uniqueItems no */\n@param() p!: string[]", '@uniqueItems takes nothing, or true, not "no".'],
  [
    "/** @minLength 1 */\n@param() p!: number",
    "@minLength stands on a type that it says nothing about: it narrows strings.",
  ],
  [
    "/** @minimum 1 */\n@param() p!: bigint",
    "@minimum stands on a type that it says nothing about: it narrows numbers.",
  ],
  [
    "/** @minItems 1 */\n@param() p!: Set<string>",
    "@minItems stands on a type that it says nothing about: it narrows arrays.",
  ],
  [
    "/** @items.minimum 1 */\n@param() p!: string[]",
    "@items.minimum stands on a type that it says nothing about: it narrows numbers.",
  ],
  ["/** @minimum 3 @maximum 2 */\n@param() p!: number", "@minimum 3 and @maximum 2 leave no value."],
  [
    "@param() p!: { list: { \n/** @minLength x */\n name: string }[] }",
    '@minLength takes a whole number from 0, not "x".',
  ],
  ["@param() p!: Broken", "@minimum stands on a type that it says nothing about: it narrows numbers."],
];
const GOOD = [
  "/** @minimum 3 @maximum 3 */\n@param() p!: number",
  "/** @minLength 1 */\n@param() p?: string | null",
  "/** @minimum 1 @since many @default none @deprecated */\n@param() p = 4",
  "/** Holds for what `T` is, if it is a number. @minimum 1 */\n@param() p!: unknown",
  "/** @pattern . */\n other = /@pattern (/.source; @param() p!: string",
];

const PRELUDE = `
import { param, Task, task } from "millrace";
/** @minimum 1 */
type Broken = string;
`;

test("each wrong tag is one finding, at the tag", async () => {
  const classes = [...BAD.map(([field]) => field), ...GOOD].map(
    (field, i) => `@task() export class T${i} extends Task<number> {\n${field};\nrun() { return 1 }\n}\n`,
  );
  await using project = await oneModule(PRELUDE + classes.join(""));
  const { diagnostics } = await project.check();
  const messages = diagnostics.map(({ message }) => message);
  expect(diagnostics.map(({ code }) => code)).toEqual(BAD.map(() => "constraint-invalid"));
  for (const [, message] of BAD) expect(messages.filter((each) => each.startsWith(message)).length).toBeGreaterThan(0);
  expect(existsSync(new URL("../../docs/diagnostics/constraint-invalid.md", import.meta.url))).toBe(true);
  const lines = project.read("src/main.ts").split("\n");
  for (const { span, message } of diagnostics) {
    const [tag = ""] = message.split(" ");
    // Two tags that contradict each other belong to what they narrow.
    const culprit = message.includes("leave no value") ? "@param() p" : tag;
    expect(lines[span.line - 1]?.slice(span.column - 1)).toMatch(new RegExp(`^${culprit.replace(/[.()]/g, "\\$&")}`));
  }
});
