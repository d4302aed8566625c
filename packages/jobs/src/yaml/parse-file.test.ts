import { expect, test } from "vitest";
import type { JobFinding } from "./findings.js";
import { parseFile } from "./parse-file.js";
import { plainValue, type Tree } from "./tree.js";

function parse(text: string): { tree: Tree | undefined; findings: JobFinding[] } {
  const findings: JobFinding[] = [];
  const tree = parseFile({ file: "job.yaml", text }, (finding) => void findings.push(finding));
  return { tree, findings };
}

test("values are those of YAML's core schema, and every part has its place", () => {
  const { tree, findings } = parse('a: [yes, 0o17, "1"]\nb:\n  c: ~\n  "d e": 2026-11-27\n3: 1.5\n');
  expect(findings).toEqual([]);
  expect(tree && plainValue(tree)).toEqual({
    a: ["yes", 15, "1"],
    b: { c: null, "d e": "2026-11-27" },
    "3": 1.5,
  });
  const b = tree?.kind === "fields" ? tree.fields.get("b") : undefined;
  expect(b?.key).toEqual({ file: "job.yaml", line: 2, column: 1, endLine: 2, endColumn: 2 });
  const inner = b?.value.kind === "fields" ? b.value.fields.get("d e") : undefined;
  expect(inner?.value.span).toEqual({ file: "job.yaml", line: 4, column: 10, endLine: 4, endColumn: 20 });
});

test("aliases repeat what stands above, in the state it had there", () => {
  const { tree, findings } = parse("a: &x [&y 1]\nb: &y 2\nc: *x\nd: *y\n");
  expect(findings).toEqual([]);
  expect(tree && plainValue(tree)).toEqual({ a: [1], b: 2, c: [1], d: 2 });
});

const bomb = ["a: &a0 [x, x, x, x, x, x, x, x, x, x]"];
for (let i = 1; i < 9; i += 1)
  bomb.push(
    `b${i}: &a${i} [${Array(10)
      .fill(`*a${i - 1}`)
      .join(", ")}]`,
  );

test.each([
  ["an alias bomb", bomb.join("\n"), /holds more than 100000 values/, 5],
  ["an alias to what it is part of", "a: &a\n  b: *a\n", /\*a names a value that it is part of/, 2],
  ["an alias to nothing", "a: 1\nb: *a\n", /\*a names an anchor that is not above it/, 2],
  ["a merge key", "a: &a { x: 1 }\nb:\n  <<: *a\n", /name << cannot be used/, 3],
  ["__proto__", "a:\n  __proto__: { x: 1 }\n", /name __proto__ cannot be used/, 2],
  ["constructor", "constructor: 1\n", /name constructor cannot be used/, 1],
  ["a tag", "a: 1\nb: !!js/function 'x'\n", /tag !!js\/function means nothing/, 2],
  ["a tag of a program", "b: !ruby/object:File {}\n", /tag !ruby\/object:File means nothing/, 1],
  ["!append before a text", "a: !append x\n", /!append stands before a list alone/, 1],
  ["!append in a list", "a:\n  - !append [1]\n", /before the list of a field/, 2],
  ["a binary", "a: !!binary aGk=\n", /tag !!binary means nothing/, 1],
  ["YAML 1.1", "%YAML 1.1\n---\na: yes\n", /another YAML than 1\.2/, 1],
  ["two documents", "a: 1\n---\nb: 2\n", /more than one document/, 2],
  ["the same name twice", "a: 1\nb: 2\na: 3\n", /keys must be unique/i, 3],
  ["an open quote", 'a: 1\nb: "x\n', /quote/i, 2],
  ["a variable in brackets without quotes", "a: 1\nb: { c: $VAR{x} }\n", /variable or reference stands in brackets/, 2],
  [
    "a reference in brackets without quotes",
    `a: 1\nb: [$${"{{ x }}"}]\n`,
    /variable or reference stands in brackets/,
    2,
  ],
  ["a tab as indentation", "a:\n\tb: 1\n", /tab/i, 2],
  ["digits that a number loses", "a: 12345678901234567890\n", /more digits than a number keeps/, 1],
  ["a list as a name", "? [a]\n: 1\n", /key/i, 1],
])("refuses %s, once and where it stands", (_, text, message, line) => {
  const { findings } = parse(text);
  expect(findings).toEqual([
    expect.objectContaining({ code: "job-syntax-error", message: expect.stringMatching(message) }),
  ]);
  expect(findings[0]?.span.line).toBe(line);
});

test("what nests without end does not end the process", () => {
  const { tree, findings } = parse(`a: ${"[".repeat(200_000)}`);
  expect([tree, findings.map(({ message }) => message)]).toEqual([
    undefined,
    [expect.stringContaining("values stand more than 100 deep in each other")],
  ]);
});

test("an empty file has no fields", () => {
  expect(parse("# nothing\n").tree).toMatchObject({ kind: "fields", fields: new Map() });
});
