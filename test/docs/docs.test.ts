/**
 * Every example of the documentation is checked: code by its types and by the build, documents by their readers, commands by the help
 * of the command line. What states a result is run, and compared. What nothing checks is listed here, with the reason.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compile } from "@millrace/compiler";
import type { Manifest } from "@millrace/core";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowCommands } from "../cli/flow-commands.js";
import { checkDocument, documentFile, isOfCommands } from "./check-document.js";
import { checkShell, commandsOf, wordsOf } from "./check-shell.js";
import { codeExample, testsOf } from "./code-examples.js";
import { TSC, VITEST } from "./installed.js";
import { type Block, documentationPages, placeOf, REPOSITORY, readBlocks } from "./read-blocks.js";

/** Place and first line of each block that is not checked → why. */
const UNCHECKED: Readonly<Record<string, string>> = {
  "docs/architecture.md: src/*.ts ── flow build ──▶ .flow/manifest.json      types, graphs, schemas, fingerprints":
    "a drawing",
  "docs/testing.md: Graph coverage  nodes  edges  arms  sizes": "compared in test/vitest-plugin/coverage.test.ts",
};
const MINUTE = 60_000;
const titleOf = ({ page, text }: Block): string => `${page}: ${text.trim().split("\n", 1)[0]}`;

const BLOCKS = documentationPages().flatMap(readBlocks);
const PRINTED = new Set(BLOCKS.map(({ prints }) => prints));

/** How a block is checked; nothing if it is not. */
function checkOf(block: Block): "file" | "readme" | "code" | "document" | "shell" | "output" | undefined {
  const { language, mark = "", page, text } = block;
  if (titleOf(block) in UNCHECKED) return undefined;
  // That page is followed from the first line to the last in test/readme.
  if (page === "README.md") return "readme";
  if (mark.startsWith("test/")) return "file";
  if (mark.startsWith("example: satisfies")) return "code";
  switch (language) {
    case "ts":
      return "code";
    case "json":
    case "yaml":
    case "liquid":
      return "document";
    case "sh":
      return "shell";
    default:
      return PRINTED.has(text) ? "output" : undefined;
  }
}
const checkedAs = (check: ReturnType<typeof checkOf>): readonly Block[] =>
  BLOCKS.filter((block) => checkOf(block) === check);

const EXAMPLES = checkedAs("code").map(codeExample);
const RUN = EXAMPLES.filter(({ runs }) => runs);

let project: TestProject;
let manifest: Manifest;
let findings: readonly string[];
beforeAll(async () => {
  const documents = checkedAs("document").filter((block) => !isOfCommands(block));
  project = await createTestProject({
    from: new URL("project", import.meta.url),
    files: {
      ...Object.fromEntries(EXAMPLES.map(({ path, source }) => [path, source])),
      ...Object.fromEntries(documents.map(documentFile).map(({ path, text }) => [path, text])),
      "test/examples.test.ts": testsOf(RUN),
    },
    env: { MAIL_TO: "ann@example.org", CHEM_LIB_EXE: "echo", WEATHER_KEY: "sunny" },
    deadlineMs: 2 * MINUTE,
  });
  const built = await project.build();
  findings = built.diagnostics.flatMap(({ severity, span, message }) =>
    severity === "hint" ? [] : [`${span.file}:${span.line} ${message}`],
  );
  if (built.manifest) manifest = built.manifest;
}, 2 * MINUTE);
afterAll(() => project.remove());

test("what is not checked is listed, with its reason; no mark goes unheard", () => {
  const MARKS = { document: /^example: (?:laid over \S+|a node behind \w+|\S+\.json)$/, shell: /^example: runs$/ };
  for (const check of ["document", "shell"] as const)
    for (const block of checkedAs(check))
      expect(block.mark ?? "", placeOf(block)).toMatch(block.mark ? MARKS[check] : "");
  expect(checkedAs(undefined).map(titleOf)).toEqual(Object.keys(UNCHECKED));
  const share = (check: ReturnType<typeof checkOf>): string => `${checkedAs(check).length} ${check ?? "unchecked"}`;
  const shares = (["code", "document", "shell", "output", "file", "readme", undefined] as const).map(share);
  console.log(`${BLOCKS.length} blocks: ${shares.join(", ")}; ${RUN.length + ENDS.length + COMMANDS.length} are run`);
});

test("samples that are files of projects are shown as they are", () => {
  const files = checkedAs("file");
  expect(files.length).toBeGreaterThan(0);
  for (const { mark = "", text } of files) expect(text, mark).toBe(readFileSync(join(REPOSITORY, mark), "utf8"));
});

test("the build finds nothing wrong with code", () => {
  expect(findings).toEqual([]);
});

test("code has the right types", { timeout: 2 * MINUTE }, async () => {
  const { code, stdout } = await project.node([TSC]).done;
  expect(stdout).toBe("");
  expect(code).toBe(0);
});

test("7.4.20 code that states a result has it, and what runs does so to its end", { timeout: 2 * MINUTE }, async () => {
  const vitest = [VITEST, "run", "--testTimeout", "40000", "--disableConsoleIntercept"];
  const { code, stdout, stderr } = await project.node(vitest).done;
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(new RegExp(`Tests +${RUN.length} passed`));
});

test.each(checkedAs("document").map((block) => [placeOf(block), block] as const))(
  "%s can be read",
  async (_, block) => {
    expect(await checkDocument(block, { root: project.root, path: (path) => project.path(path), manifest })).toEqual(
      [],
    );
  },
);

const ENDS = checkedAs("document").filter(({ prints }) => prints !== undefined);
test.each(ENDS.map((block) => [placeOf(block), block] as const))("7.4.20 %s gives what it says", async (_, block) => {
  const { code, stdout, stderr } = await project.flow("run", documentFile(block).path);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(block.prints ?? ""));
});

const COMMANDS = checkedAs("shell").filter(({ mark }) => mark === "example: runs");
test.each(COMMANDS.map((block) => [placeOf(block), block] as const))(
  "7.4.20 %s runs",
  { timeout: 3 * MINUTE },
  async (_, block) => {
    const newestRun = async (): Promise<string> => {
      const [run] = (await project.flow("runs", "--json")).json<readonly { readonly id: string }[]>();
      return run?.id ?? "";
    };
    for (const command of commandsOf(block)) {
      const words = wordsOf(command);
      const newest = words.includes("<run>") ? await newestRun() : "";
      const { code, stderr } = await project.flow(...words.map((word) => (word === "<run>" ? newest : word)));
      expect(code, `${command}\n${stderr}`).toBe(0);
    }
  },
);

test("shell lines name commands, flows and options that there are", { timeout: 2 * MINUTE }, async () => {
  const commands = await flowCommands();
  const surroundings = { commands, manifest };
  const ofPage = new Map<string, typeof surroundings>();
  for (const { page } of checkedAs("shell").filter(({ page }) => page.startsWith("examples/"))) {
    const own = (await compile({ cwd: join(REPOSITORY, dirname(page)), mode: "check" })).manifest;
    if (own) ofPage.set(page, { commands, manifest: own });
  }
  const wrong = checkedAs("shell").flatMap((block) =>
    checkShell(block, ofPage.get(block.page) ?? surroundings).map((sentence) => `${placeOf(block)} ${sentence}`),
  );
  expect(wrong).toEqual([]);
  const broken: Block = {
    page: "docs/x.md",
    line: 1,
    language: "sh",
    text: "npx flow runn\nflow run CityReport --cites Oslo\nnpm run bild\nmake\n",
  };
  expect(checkShell(broken, surroundings)).toHaveLength(4);
});
