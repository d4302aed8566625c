/** A scheduler of tasks in threads and functions, over a kill: made again by another process, it goes on. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProject, journal } from "./built-project.js";

const CHILD = fileURLToPath(new URL("scheduler-child.mjs", import.meta.url));

let project: TestProject;
beforeAll(async () => {
  project = await buildProject();
});
afterAll(() => project.remove());

test("a killed scheduler is gone on with by who makes it again; what succeeded is not done twice", async () => {
  const cure = project.path("cure");
  const killed = project.node([CHILD, cure]);
  await killed.line("wait running");
  killed.kill("SIGKILL");
  await killed.done;
  await writeFile(cure, "");
  const { code, stdout, stderr } = await project.node([CHILD, cure]).done;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
    ok: true,
    results: ["hello after 2", 13, "found"],
    list: [
      "<Scheduler 'inner' finished>",
      "  <Job 'first' finished -> \"hello after 2\" - [allows [local]]>",
      "  <Job 'local' finished -> 13 - [requires [first]] - [allows [wait]]>",
      "  <Job 'wait' finished -> \"found\" - [requires [local]]>",
    ].join("\n"),
  });
  expect(lines).toEqual(
    expect.arrayContaining(["first finished", "local finished", "wait finished", "inner finished"]),
  );
  expect(journal(project).filter((line) => line === "run" || line === "local")).toEqual(["run", "run", "local"]);

  // It has ended: what is on record is told, and the function is not called.
  const again = await project.node([CHILD, cure]).done;
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, results: ["hello after 2", 13, "found"] });
  expect(journal(project).filter((line) => line === "local")).toHaveLength(1);
});
