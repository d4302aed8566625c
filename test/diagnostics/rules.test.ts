/** What the build says of rules that are declared in a way that cannot work: each mistake once, at its place. */
import { expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";

const TYPES = `
interface Page { type: "page"; url: string }
interface Found { type: "found"; url: string }
`;

const ROWS: readonly (readonly [name: string, body: string, ...found: string[]])[] = [
  [
    "a rule with another decorator",
    "@task() export class A extends Rule<Page, never> { next(): void {} }",
    "1 decorator-mismatch: A has @task but extends Rule.",
  ],
  [
    "another class with @rule",
    "@rule() export class A extends Task<void> { run(): void {} }",
    "1 decorator-mismatch: A has @rule but extends Task.",
  ],
  [
    "an abstract rule",
    "@rule() export abstract class A extends Rule<Page, Found> {}",
    "1 class-abstract: A is abstract, so no rule can be made of it.",
  ],
  [
    "a parameter",
    "@rule() export class A extends Rule<Page, never> {\n@param() city = 'Oslo';\nnext(): void {} }",
    "2 param-not-public: @param() of A stands on a member that is of a rule, which is given its token and nothing else.",
  ],
  [
    "a filter that is computed",
    "@rule({ when: { url: process.cwd() } }) export class A extends Rule<Page, never> { next(): void {} }",
    "1 option-not-literal: This option of A is no literal, so it is not known before running.",
  ],
  [
    "a filter that is none",
    "@rule({ when: ['page'] as never }) export class A extends Rule<Page, never> { next(): void {} }",
    '1 option-invalid: Option "when" must be a filter, or a list of filters.',
  ],
  [
    "a filter on a task",
    "@task({ when: { type: 'page' } }) export class A extends Task<void> { run(): void {} }",
    '1 option-invalid: Option "when" is no option',
  ],
  [
    "a function whose filter is computed",
    "export const a = defineRule({ id: 'a',\nwhen: { url: process.cwd() },\nnext: (page: Page): Found | undefined => undefined });",
    "2 option-not-literal: The filter of a is no literal, so it is not known before running.",
  ],
  [
    "a function without next, with a member that rules have not",
    "export const a = defineRule({ id: 'a',\nrun: () => 1 });",
    "1 definition-invalid: This rule has no `next`.",
    '2 definition-invalid: defineRule has no member "run".',
  ],
  [
    "a function whose match takes its time",
    "export const a = defineRule({ id: 'a',\nmatch: async (page: Page) => page.url !== '',\nnext: (page: Page): Found | undefined => undefined });",
    "2 rule-match-async: match of a gives a promise: every token would count as matched.",
  ],
  [
    "tokens that hold what no thread can send",
    "@rule() export class A extends Rule<Page & { done: () => void }, Found & { at: WeakMap<object, 1> }> {\nnext(): undefined { return undefined; } }\n@rule() export class B extends Rule<Page, { type: 'f'; f(): void }> {\nnext(): { type: 'f'; f(): void } { return { type: 'f', f() {} }; } }",
    '2 value-not-sendable: Parameter "token.done" of A is a function, which cannot be sent to a step.',
    '4 value-not-sendable: "token.f" of B is a function, which cannot be recorded.',
  ],
  [
    "a step that a rule calls",
    "@task() export class T extends Task<void> { run(): void {} }\n@rule() export class A extends Rule<Page, Found> {\nnext(page: Page): Found {\nreturn this.call(T, {}) as never; } }\nexport const b = defineRule({ id: 'b',\nnext: (page: Page, rule): Found =>\nrule.call(T, page) as never });",
    "4 call-in-task: A is a task and cannot call another step.",
    "7 call-in-task: b is a task and cannot call another step.",
  ],
];

test.each(ROWS)("%s", async (_, body, ...expected) => {
  await using project = await oneModule(
    `import { defineRule, param, Rule, rule, Task, task } from "millrace";${TYPES.replaceAll("\n", " ")}\n${body}\n`,
  );
  const { diagnostics } = await project.check();
  const found = diagnostics.filter(({ severity }) => severity !== "hint");
  const shown = found.map(({ span, code, message }) => `${span.line - 1} ${code}: ${message}`);
  expect(shown.map((line) => line.replace(/; the options are .*/, ""))).toEqual(expected);
});
