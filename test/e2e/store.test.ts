/** Damaged records: the file is named and kept, nothing is deleted, and the next command works. */
import { randomBytes } from "node:crypto";
import { open, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunListDocument } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { askEngine, buildProject } from "./built-project.js";

const PARTICULAR = ["run", "Particular", "--city", "Oslo", "--tags", "a", "--where", '{ "lat": 1, "lon": 2 }'];
const PAGE = 4096;

let built: TestProject;
let project: TestProject;
beforeAll(async () => {
  built = await buildProject();
});
beforeEach(async () => {
  project = await built.copy();
});
afterEach(() => project.remove());
afterAll(() => built.remove());

/** Overwrites all pages but the first, so that the file still looks like a database. */
async function overwritePages(file: string): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, "r+");
  await handle.write(Buffer.alloc(size - PAGE, 0xa5), 0, size - PAGE, PAGE);
  await handle.close();
}

test.each([
  ["random bytes", (file: string) => writeFile(file, randomBytes(20_000)), "file is not a database"],
  ["overwritten pages", overwritePages, "database disk image is malformed"],
])("a database of %s is named, kept, and replaced by an empty one", async (_, damage, reason) => {
  expect((await project.flow(...PARTICULAR, "--id", "lost")).code).toBe(0);
  const file = project.path(".flow/state.db");
  await damage(file);
  const damaged = await readFile(file);

  const refused = await project.flow(...PARTICULAR, "--id", "refused");
  expect(refused.stderr).toContain(`error[store-corrupt]: The run database "${file}" is damaged: ${reason}.`);
  const kept = /It was kept as "(.*)"\.\n {2}hint: Run the command again to start with an empty store/.exec(
    refused.stderr,
  );
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(Buffer.compare(await readFile(kept?.[1] ?? ""), damaged)).toBe(0);

  expect(await project.flow(...PARTICULAR, "--id", "fresh")).toMatchObject({ code: 0, stdout: "Oslo\n" });
  const runs = (await project.flow("runs", "--json")).json<RunListDocument>();
  expect(runs.map((run) => run.id)).toEqual(["fresh"]);
});

test("a damaged content file stops the resume by name, stays, and the run goes on when it is restored", async () => {
  const cure = project.path("cure");
  expect((await project.flow("run", "Hoarder", "--cure", cure, "--id", "hoard")).code).toBe(1);
  await writeFile(cure, "");
  const folder = project.path(".flow/content");
  const names = await readdir(folder, { recursive: true });
  const file = join(folder, names.find((name) => name.length > 3) ?? "");
  const whole = await readFile(file);
  const damaged = Buffer.from(whole).fill(0, 1000, 1010);
  await writeFile(file, damaged);

  const refused = await project.flow("resume", "hoard");
  expect(refused.stderr).toContain(`error[store-corrupt]: The content file "${file}" is damaged`);
  const kept = /It was kept as "(.*)"\.\n {2}hint: Restore the file from a backup/.exec(refused.stderr);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(Buffer.compare(await readFile(kept?.[1] ?? ""), damaged)).toBe(0);

  // Missing now, it is named again; and other runs are not concerned: one that makes the value again writes it whole.
  const missing = await askEngine(project, { resume: "hoard" });
  expect(missing.outcome).toMatchObject({ status: "suspended", code: "store-corrupt" });
  expect(missing.workers).toBe(0);
  expect(await project.flow("run", "Hoarder", "--cure", cure)).toMatchObject({ code: 0, stdout: "400000\n" });
  expect(Buffer.compare(await readFile(file), whole)).toBe(0);

  await writeFile(`${file}.restored`, whole);
  await rename(`${file}.restored`, file);
  const resumed = await project.flow("resume", "hoard");
  expect(resumed.stderr).toMatch(/2 steps: 1 restored/);
  expect(resumed).toMatchObject({ code: 0, stdout: "400000\n" });
});
