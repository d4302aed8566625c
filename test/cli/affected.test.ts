/** `flow affected`: what a change since a commit or a build touches, tests included. */
import { execFileSync } from "node:child_process";
import type { AffectedDocument } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

let project: TestProject;
const git = (...given: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...given], {
    cwd: project.root,
    encoding: "utf8",
  });

beforeEach(async () => {
  project = await fixtureProject("fingerprints", {
    ".gitignore": "node_modules\n.flow\n",
    "test/total.test.ts": 'import { Total } from "../src/tasks.js";\nTotal;\n',
    "test/whisper.test.ts": 'import { whisper } from "../src/helpers.js";\nwhisper("");\n',
    "test/built.test.ts": 'const flow = "Outer";\nflow;\n',
  });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
});
afterEach(() => project.remove());

const EXPECTED = {
  tasks: ["Total"],
  flows: ["Outer"],
  tests: ["test/built.test.ts", "test/total.test.ts"],
};

function editTotal(): void {
  const text = project.read("src/helpers.ts");
  expect(text).toContain("sum(numbers) + start");
  project.write("src/helpers.ts", text.replace("sum(numbers) + start", "sum(numbers) - start"));
}

test("an edit since the commit: as text, as JSON, and as paths for a test runner", { timeout: 300_000 }, async () => {
  editTotal();
  expect((await project.flow("affected", "--json")).json<AffectedDocument>()).toEqual({ since: "HEAD", ...EXPECTED });
  expect((await project.flow("affected", "--since", "HEAD")).stdout).toBe(
    "task Total\nflow Outer\ntest test/built.test.ts\ntest test/total.test.ts\n",
  );
  expect((await project.flow("affected", "--tests")).stdout).toBe("test/built.test.ts\ntest/total.test.ts\n");
});

test("an edit since a build", { timeout: 300_000 }, async () => {
  const { manifest } = await project.build();
  editTotal();
  const since = manifest?.build.slice(0, 8) ?? "";
  const { json } = await project.flow("affected", "--since", since, "--json");
  expect(json<AffectedDocument>()).toEqual({ since, ...EXPECTED });
});

test("new and edited tests alone need no build", { timeout: 300_000 }, async () => {
  expect((await project.flow("affected", "--tests")).stdout).toBe("");
  project.write("src/broken.ts", "export const = 1;\n");
  git("add", "src/broken.ts");
  git("commit", "--quiet", "-m", "broken");
  project.write("test/new.test.ts", "Date.now();\n");
  project.write("test/whisper.test.ts", 'import { whisper } from "../src/helpers.js";\nwhisper("Hello");\n');
  expect((await project.flow("affected", "--tests")).stdout).toBe("test/new.test.ts\ntest/whisper.test.ts\n");
});

test("a name that is no commit is refused by name", async () => {
  const { code, stderr } = await project.flow("affected", "--since", "nowhere");
  expect([code, stderr]).toEqual([2, expect.stringContaining("nowhere is neither a build here nor a commit")]);
  expect(stderr).not.toMatch(/^\s+at /m);
});
