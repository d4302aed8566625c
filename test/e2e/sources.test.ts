/** Sources that do not compile: a frame, exit code 3, and the last good build as it was, byte for byte, and still runnable. */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askEngine, buildProject } from "./built-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await buildProject();
});
afterAll(() => project.remove());

/** What stands in the output folder but runs and logs: path → digest. */
async function outputs(from: TestProject): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(from.path(".flow"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || /state\.db|[\\/]logs[\\/]/.test(path)) continue;
    found[path] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  }
  return found;
}

test.each([
  [
    "a syntax error",
    "src/steady.ts",
    ["return this.label;", "return this.label +;"],
    /src\/steady\.ts:12:24 error syntax-error\n.*\n\n11 \| .*\n12 \| {5}return this\.label \+;\n {3}\| +\^\n(.*\n)*hint: /,
  ],
  [
    "a task that is not exported",
    "src/steady.ts",
    ["export class Large", "class Large"],
    /src\/steady\.ts:18:7 error not-exported\nLarge is not exported by src\/steady\.ts.*\n(.*\n)*18 \| class Large(.*\n)*hint: Write `export class Large`/,
  ],
  [
    "a flow that is not exported",
    "src/flows.ts",
    ["export class Particular", "class Particular"],
    /src\/flows\.ts:\d+:7 error not-exported\nParticular is not exported(.*\n)*hint: Write `export class Particular`/,
  ],
] as const)("%s", async (_, file, [good, bad], frame) => {
  const source = project.path(file);
  const text = await readFile(source, "utf8");
  const before = await outputs(project);
  await writeFile(source, text.replace(good, bad));

  const build = await project.flow("build");
  expect(build.stderr).toMatch(frame);
  expect(build.stderr).toMatch(/failed in .*: 1 error/);
  expect(build).toMatchObject({ code: 3, stdout: "" });

  const run = await project.flow("run", "Hotheaded", "--thing", "error");
  expect(run.stderr).toMatch(frame);
  expect(run.stderr).toMatch(
    /error\[build-failed\]: The build found 1 error; nothing was run\.\n {2}hint: Correct what is shown/,
  );
  expect(run).toMatchObject({ code: 3, stdout: "" });

  expect(await outputs(project)).toEqual(before);
  const params = '{ city: "Oslo", tags: [], where: { lat: 1, lon: 2 } }';
  const { outcome } = await askEngine(project, { start: "Particular", params });
  expect(outcome).toMatchObject({ status: "succeeded", value: "Oslo" });
  await writeFile(source, text);
});
