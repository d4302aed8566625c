import { expect, test } from "vitest";
import type { JobFinding } from "./findings.js";
import { parseFile } from "./parse-file.js";
import { substitute } from "./substitute.js";
import { plainValue } from "./tree.js";

const VARIABLES = {
  env: { CITY: "Oslo", COUNT: "12", EMPTY: "", FLAG: "true", HUGE: "12345678901234567890", NIL: "null" },
  var: { stage: "prod", list: "[1, 2]" },
  sys: { APP_ROOT_DIR: "/app" },
};

function fill(value: string, open = false): { value: unknown; findings: JobFinding[] } {
  const findings: JobFinding[] = [];
  const report = (finding: JobFinding): void => void findings.push(finding);
  const tree = parseFile({ file: "job.yaml", text: `v: ${value}\n` }, report);
  if (!tree) throw new Error(JSON.stringify(findings));
  const { v } = plainValue(substitute(tree, { variables: VARIABLES, open, report })) as { v: unknown };
  return { value: v, findings };
}

test.each([
  ["$ENV{CITY}", "Oslo"],
  ["in $ENV{CITY} by $VAR{stage}", "in Oslo by prod"],
  ["$SYS{APP_ROOT_DIR}/data", "/app/data"],
  ["$VAR{none:a:b c}", "a:b c"],
  ["$VAR{stage:dev}", "prod"],
  ["$VAR{none:}", ""],
  // As a whole it is what would have stood there.
  ["$ENV{COUNT}", 12],
  ["$ENV{FLAG}", true],
  ["$ENV{NIL}", null],
  ["$VAR{none:0x1F}", 31],
  ["$VAR{none:.5}", 0.5],
  ["$ENV{EMPTY}", ""],
  ["$ENV{HUGE}", "12345678901234567890"],
  ["$VAR{list}", "[1, 2]"],
  // In quotes it is a text, in single ones it is not touched.
  ['"$ENV{COUNT}"', "12"],
  ["$ENV{COUNT}0", "120"],
  ["'$ENV{CITY}'", "$ENV{CITY}"],
  ["$$ENV{CITY}", "$ENV{CITY}"],
  ["a $$VAR{x} b $ENV{CITY}", "a $VAR{x} b Oslo"],
  ["$HOME and $FOO{x} and $$", "$HOME and $FOO{x} and $$"],
  ["|\n  echo $ENV{CITY}", "echo Oslo\n"],
])("%s is %j", (text, expected) => {
  expect(fill(text)).toEqual({ value: expected, findings: [] });
});

test.each([
  ["$ENV{NONE}", /^\$ENV\{NONE\} has no value, and no default\.$/],
  ["$VAR{stag}", /^\$VAR\{stag\} has no value/],
  ["$SYS{HOME}", /^\$SYS\{HOME\} has no value/],
  ["$ENV{1x}", /names no variable: "1x"/],
  ["$ENV{CITY", /has no closing brace/],
])("%s is reported where it stands", (text, message) => {
  const { findings } = fill(text);
  expect(findings).toMatchObject([{ code: "job-variable-unset", span: { line: 1, column: 4 } }]);
  expect(findings[0]?.message).toMatch(message);
});

test("a name that is nearly one that was given is suggested", () => {
  expect(fill("$VAR{stag}").findings[0]?.hint).toBe(
    'Did you mean "stage"? Give it: --var stag=value, or write a default: $VAR{stag:value}.',
  );
});

test("what will be given later is let through, what can never be is not", () => {
  expect(fill("$ENV{NONE}", true)).toEqual({ value: "", findings: [] });
  expect(fill("$SYS{HOME}", true).findings).toHaveLength(1);
});

test("a reference that a value holds is a text", () => {
  const given = { evil: `$${"{{ tasks.a.result }}"}` };
  const tree = parseFile({ file: "f", text: "v: $VAR{evil}" }, () => undefined);
  const report = (): void => undefined;
  expect(
    tree && plainValue(substitute(tree, { variables: { ...VARIABLES, var: given }, open: false, report })),
  ).toEqual({
    v: `$$${"{{ tasks.a.result }}"}`,
  });
});

test("what a value holds is not looked at again", () => {
  const given = { evil: "$ENV{CITY}" };
  const tree = parseFile({ file: "f", text: "v: $VAR{evil}" }, () => undefined);
  const report = (): void => undefined;
  expect(
    tree && plainValue(substitute(tree, { variables: { ...VARIABLES, var: given }, open: false, report })),
  ).toEqual({
    v: "$ENV{CITY}",
  });
});
