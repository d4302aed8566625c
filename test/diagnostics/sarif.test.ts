/** Reports of `flow check` for machines: SARIF fits the published schema and says what the JSON document says; annotations do, too. */
import { readFileSync } from "node:fs";
import {
  type BuildDocument,
  DIAGNOSTICS,
  type Diagnostic,
  githubAnnotations,
  type SarifLog,
  sarifLog,
} from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

/** As published by OASIS members in draft 4 of JSON Schema, which differs from later drafts in words that it does not use. */
const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(readFileSync(new URL("../fixtures/sarif/sarif-2.1.0-rtm.5.json", import.meta.url), "utf8")) as Record<
  string,
  unknown
>;
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
ajv.addFormat("uri", (text: string) => URL.canParse(text));
ajv.addFormat("uri-reference", (text: string) => URL.canParse(text, "file:///base/"));
ajv.addFormat("date-time", (text: string) => !Number.isNaN(Date.parse(text)));
const validate = ajv.compile(schema);

function faults(log: unknown): readonly string[] {
  return validate(log) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
}

let project: TestProject;
let log: SarifLog;
let document: BuildDocument;
beforeAll(async () => {
  project = await fixtureProject("mistakes");
  const [sarif, json] = await Promise.all([
    project.flow("check", "--format", "sarif"),
    project.flow("check", "--format", "json"),
  ]);
  expect([sarif.code, json.code]).toEqual([3, 3]);
  log = JSON.parse(sarif.stdout) as SarifLog;
  document = JSON.parse(json.stdout) as BuildDocument;
});
afterAll(() => project.remove());

test("the document of a project of mistakes fits the schema", () => {
  expect(document.diagnostics.length).toBeGreaterThan(20);
  expect(faults(log)).toEqual([]);
});

test("the schema refuses what is no SARIF", () => {
  const text = JSON.stringify(log);
  const broken = (from: string, to: string): readonly string[] => {
    expect(text).toContain(from);
    return faults(JSON.parse(text.replace(from, to)));
  };
  expect(broken('"version":"2.1.0"', '"version":"2.0.0"')).not.toEqual([]);
  expect(broken('"level":"error","message"', '"level":"hint","message"')).not.toEqual([]);
  expect(broken('"startLine":', '"startLine":-')).not.toEqual([]);
  expect(broken('"ruleIndex":', '"surprise":1,"ruleIndex":')).not.toEqual([]);
});

test("every finding has its rule, level, range and related places", () => {
  const [{ results, tool, originalUriBaseIds }] = log.runs;
  expect(originalUriBaseIds.PROJECT.uri).toBe(new URL(`file://${project.root}/`).href);
  expect(tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(DIAGNOSTICS).sort());
  const LEVEL = { error: "error", warning: "warning", hint: "note" } as const;
  const region = ({ line, column, endLine, endColumn }: Diagnostic["span"]) => ({
    startLine: line,
    startColumn: column,
    endLine,
    endColumn,
  });
  expect(
    results.map(({ ruleId, ruleIndex, level, locations: [at], relatedLocations = [] }) => ({
      ruleId,
      rule: tool.driver.rules[ruleIndex]?.id,
      level,
      file: at.physicalLocation.artifactLocation.uri,
      region: at.physicalLocation.region,
      related: relatedLocations.map((other) => [other.message?.text, other.physicalLocation.region]),
    })),
  ).toEqual(
    document.diagnostics.map((d) => ({
      ruleId: d.code,
      rule: d.code,
      level: LEVEL[d.severity],
      file: d.span.file,
      region: region(d.span),
      related: d.related.map((other) => [other.message, region(other.span)]),
    })),
  );
});

test("fingerprints are unique, and stay when lines are put above", async () => {
  const prints = (of: SarifLog): readonly string[] =>
    of.runs[0].results.map(({ partialFingerprints }) => partialFingerprints["culpritLine/v1"]);
  expect(new Set(prints(log)).size).toBe(prints(log).length);
  await using moved = await project.copy();
  moved.write("src/parameters.ts", `\n// two lines\n${moved.read("src/parameters.ts")}`);
  const after = await moved.flow("check", "--format", "sarif");
  expect(prints(JSON.parse(after.stdout) as SarifLog)).toEqual(prints(log));
});

test("paths are written as addresses", () => {
  const found: Diagnostic = {
    code: "syntax-error",
    severity: "error",
    message: "?",
    span: { file: "src/a b/ü#.ts", line: 1, column: 1, endLine: 1, endColumn: 2 },
    related: [],
    data: {},
  };
  const made = sarifLog([found], { rootUrl: "file:///p/", version: "1.0.0", sources: new Map() });
  expect(made.runs[0].results[0]?.locations[0].physicalLocation.artifactLocation.uri).toBe("src/a%20b/%C3%BC%23.ts");
  expect(faults(made)).toEqual([]);
});

test("annotations name file, lines and code, and keep every character of the message", async () => {
  const { stdout, code } = await project.flow("check", "--format", "github");
  expect(code).toBe(3);
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(document.diagnostics.length);
  expect(
    lines.every((line) => /^::(error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+,.*title=[a-z-]+::\S/.test(line)),
  ).toBe(true);
  const [annotation] = [
    githubAnnotations([{ ...(document.diagnostics[0] as Diagnostic), message: "50%\r\nx", hint: "::y" }]),
  ];
  expect(annotation).toMatch(/::50%25%0D%0Ax%0A::y$/);
  expect(annotation.split("\n")).toHaveLength(1);
});

test("a project without findings has a document without results, and no annotations", async () => {
  await using good = await fixtureProject("shop");
  const sarif = await good.flow("check", "--format", "sarif");
  expect(sarif.code).toBe(0);
  expect(faults(JSON.parse(sarif.stdout))).toEqual([]);
  expect((JSON.parse(sarif.stdout) as SarifLog).runs[0].results).toEqual([]);
  expect((await good.flow("check", "--format", "github")).stdout).toBe("");
});
