/**
 * The page of every code: its bad example has exactly that finding, at the lines that say so; its good example and its near
 * miss have none. The pages are the fixtures.
 */
import { readdirSync, readFileSync } from "node:fs";
import { DIAGNOSTICS, type DiagnosticCode } from "@millrace/core";
import { checkJob, readJob } from "millrace/jobs";
import { describe, expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";
import { type ExampleFile, exampleFiles, pageExamples } from "./page-example.js";

const PAGES = new URL("../../docs/diagnostics/", import.meta.url);
const CODES = Object.keys(DIAGNOSTICS) as DiagnosticCode[]; // the table's own keys

test("every code has a page, and every page a code", () => {
  const pages = readdirSync(PAGES).filter((name) => name !== "README.md");
  expect(pages.sort()).toEqual(CODES.map((code) => `${code}.md`).sort());
});

test("the index lists every code with its severity and its meaning", () => {
  const index = readFileSync(new URL("README.md", PAGES), "utf8");
  const rows = [...index.matchAll(/^\| \[`([a-z-]+)`\]\(\1\.md\) +\| (\w+) +\| (.*?) +\|$/gm)].map((row) =>
    row.slice(1),
  );
  expect(rows).toEqual(CODES.map((code) => [code, DIAGNOSTICS[code].severity, DIAGNOSTICS[code].summary]));
});

/** What a project has, without advice on what else an example might be. */
async function findings(files: readonly ExampleFile[], about: DiagnosticCode): Promise<readonly string[]> {
  await using project = await fixtureProject("pages", Object.fromEntries(files.map(({ path, text }) => [path, text])));
  if (files.some(({ path }) => path === "src/empty.ts"))
    project.write("tsconfig.json", '{ "include": ["src/empty.ts"] }');
  const { diagnostics, manifest } = await project.check();
  const found = [...diagnostics];
  for (const { path } of files.filter(({ path }) => path.endsWith(".yaml")))
    if (manifest)
      found.push(...(await checkJob(readJob(project.path(path), { root: project.root, env: {} }), manifest)));
  return found
    .filter(({ code, severity }) => code === about || severity !== "hint")
    .map(({ code, severity, span }) => `${span.file}:${span.line} ${severity} ${code}`);
}

describe.each(CODES)("%s", (code) => {
  const { bad, good, nearMiss } = pageExamples(readFileSync(new URL(`${code}.md`, PAGES), "utf8"));
  const { severity } = DIAGNOSTICS[code];

  test("the bad example has it", async () => {
    const files = bad.flatMap((fence, i) => exampleFiles(fence, `bad${i}`));
    const modules = files.filter(({ path }) => !path.endsWith(".json"));
    const expected = (modules.length > 0 ? modules : files).flatMap(({ path, marked }) =>
      marked.map((line) => `${path}:${line} ${severity} ${code}`),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect([...(await findings(files, code))].sort()).toEqual([...expected].sort());
  });

  test("the good example and the near miss have not", async () => {
    expect(good.length).toBeGreaterThan(0);
    expect(nearMiss.length).toBeGreaterThan(0);
    const files = [
      ...good.flatMap((fence, i) => exampleFiles(fence, `good${i}`)),
      ...nearMiss.flatMap((fence, i) => exampleFiles(fence, `near${i}`)),
    ];
    expect(await findings(files, code)).toEqual([]);
  });
});
