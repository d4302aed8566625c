import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { JobFinding } from "./findings.js";
import { readWithIncludes } from "./include.js";
import { plainValue } from "./tree.js";

function readFiles(
  files: Readonly<Record<string, string>>,
  first = "job.yaml",
): { value: unknown; findings: JobFinding[] } {
  const findings: JobFinding[] = [];
  const at = new Map(Object.entries(files).map(([name, text]) => [resolve("/p", name), text]));
  const tree = readWithIncludes(resolve("/p", first), {
    read: (path) => at.get(path),
    shown: (path) => path.slice(3),
    substitute: (one) => one,
    report: (finding) => void findings.push(finding),
  });
  return { value: tree && plainValue(tree), findings };
}

test("mappings are merged, everything else is replaced, the file itself comes last", () => {
  const files = {
    "base/a.yaml": "config: { name: a, policy: fail-fast }\ntasks: { x: { task: X, parameters: { p: 1, q: [1, 2] } } }",
    "b.yaml": "tasks: { x: { parameters: { q: [3] } }, y: { task: Y } }",
    "job.yaml": "include: [base/a.yaml, b.yaml]\nconfig: { name: job }\ntasks: { y: { params: { z: true } } }",
  };
  expect(readFiles(files)).toEqual({
    value: {
      config: { name: "job", policy: "fail-fast" },
      tasks: { x: { task: "X", parameters: { p: 1, q: [3] } }, y: { task: "Y", parameters: { z: true } } },
    },
    findings: [],
  });
});

test("!append goes behind the list that was there", () => {
  const files = {
    "a.yaml": "tasks: { x: { dependencies: [a] } }",
    "b.yaml": "include: [a.yaml]\ntasks: { x: { after: !append [b] } }",
    "job.yaml": "include: [b.yaml]\ntasks: { x: { after: !append [c, d] } }",
  };
  expect(readFiles(files)).toEqual({ value: { tasks: { x: { dependencies: ["a", "b", "c", "d"] } } }, findings: [] });
});

test("paths are relative to the file that includes; a file that is reached twice counts once, where it is reached first", () => {
  const files = {
    "parts/base.yaml": "v: { a: base, b: base }\nl: [1]",
    "parts/left.yaml": "include: [base.yaml]\nv: { a: left }\nl: !append [2]",
    "right.yaml": "include: [parts/base.yaml]\nl: !append [3]",
    "job.yaml": "include: [parts/left.yaml, right.yaml]",
  };
  expect(readFiles(files)).toEqual({ value: { v: { a: "left", b: "base" }, l: [1, 2, 3] }, findings: [] });
});

test("a cycle is reported where it closes, with the way to it", () => {
  const files = {
    "a.yaml": "include: [b.yaml]",
    "b.yaml": "v: 1\ninclude: [a.yaml]",
    "job.yaml": "include: [a.yaml]",
  };
  const { findings } = readFiles(files);
  expect(findings).toMatchObject([
    {
      code: "job-include-invalid",
      message: "The files include each other: a.yaml includes b.yaml includes a.yaml.",
      span: { file: "b.yaml", line: 2, column: 11 },
      related: [
        { span: { file: "job.yaml" }, message: "includes a.yaml" },
        { span: { file: "a.yaml" }, message: "includes b.yaml" },
      ],
    },
  ]);
});

test("a missing file is reported where it is asked for, with the way to it", () => {
  const { findings } = readFiles({ "a.yaml": "include: none.yaml", "job.yaml": "include:\n  - a.yaml" });
  expect(findings).toMatchObject([
    {
      message: "There is no file none.yaml that could be read.",
      span: { file: "a.yaml", line: 1, column: 10 },
      related: [{ span: { file: "job.yaml", line: 2, column: 5 }, message: "includes a.yaml" }],
    },
  ]);
  expect(readFiles({}).findings).toMatchObject([{ span: { file: "job.yaml", line: 1 } }]);
});

test.each([
  ["include: { a: 1 }", /"include" must be a list of paths/],
  ["include: [3]", /"include" must be a list of paths, relative to this file, not 3/],
  ["l: !append [1]", /nothing to append to: the files before this one have no list there/],
  ["- a", /A job file is a mapping with "tasks", not a list\. A list of commands is for `flow project run`\.$/],
  ["3", /A job file is a mapping with "tasks", not 3\.$/],
  ["tasks: { a: { params: {}, parameters: {} } }", /"parameters" and "parameters" are the same field|"params" and/],
])("%s is refused", (text, message) => {
  const { findings } = readFiles({ "job.yaml": text });
  expect(findings.map((finding) => finding.message)).toEqual([expect.stringMatching(message)]);
});

test("what is wrong in a file that is reached twice is told once", () => {
  const { findings } = readFiles({
    "a.yaml": "v: !x 1",
    "b.yaml": "include: a.yaml",
    "job.yaml": "include: [a.yaml, b.yaml]",
  });
  expect(findings).toMatchObject([{ code: "job-syntax-error", span: { file: "a.yaml" } }]);
});

test("!append behind what is no list is refused", () => {
  const { findings } = readFiles({ "a.yaml": "l: 1", "job.yaml": "include: [a.yaml]\nl: !append [2]" });
  expect(findings).toMatchObject([{ span: { file: "job.yaml", line: 2 }, related: [{ span: { file: "a.yaml" } }] }]);
});
