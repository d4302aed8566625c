/** `flow serve`: processes that keep the schedules of one project start each instant's run once between them. */
import type { RunListDocument, ServeLine } from "@millrace/core";
import { createTestProject, type RunningCommand, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const SOURCE = `
import { appendFileSync } from "node:fs";
import { Flow, Task, flow, param, task } from "millrace";

@task()
export class Note extends Task<void> {
  @param() text!: string;
  async run(): Promise<void> {
    appendFileSync("journal", this.text + "\\n");
  }
}

/** Every second. */
@flow({ schedule: { cron: "* * * * * *", overlap: "parallel", catchUp: "none" } })
export class Tick extends Flow<void> {
  async run(): Promise<void> {
    await this.call(Note, { text: this.info.run });
  }
}

@flow({ schedule: { cron: "0 6 * * MON-FRI", timezone: "Europe/Oslo" } })
export class Report extends Flow<string> {
  @param() days = 7;
  async run(): Promise<string> {
    return String(this.days);
  }
}
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "es2022", module: "nodenext", strict: true, types: ["node"], skipLibCheck: true },
  include: ["src", ".flow/types.d.ts"],
});

let project: TestProject;
beforeAll(async () => {
  project = await createTestProject({ files: { "tsconfig.json": TSCONFIG, "src/flows.ts": SOURCE } });
  expect(await project.flow("build")).toMatchObject({ code: 0 });
});
afterAll(() => project.remove());

function linesOf({ stdout }: { readonly stdout: string }): readonly ServeLine[] {
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ServeLine);
}

function startedBy(command: { readonly stdout: string }): readonly string[] {
  return linesOf(command).flatMap((line) => (line.event === "started" && line.flow === "Tick" ? [line.run] : []));
}

test("says what comes next; each instant is one run of one process, also after one of them was killed", async () => {
  const serve = (): RunningCommand => project.start(["serve", "--json", "--threads", "1"]);
  const [first, second] = [serve(), serve()];
  await Promise.all([first.line('"serving"'), second.line('"serving"')]);
  await first.line(/^Report +\d{4}-\d\d-\d\d 06:00:00 +0 6 \* \* MON-FRI +Europe\/Oslo +skip$/);
  await Promise.any([first, second].map((one) => one.line('"started","flow":"Tick"', { nth: 2 })));
  first.kill("SIGKILL");
  await first.done;
  const before = startedBy(second).length;
  await second.line('"started","flow":"Tick"', { nth: before + 2 });
  second.kill("SIGTERM");
  expect(await second.done).toMatchObject({ code: 143 });
  expect(linesOf(second).at(-1)).toEqual({ event: "stopped" });

  const started = [...startedBy(first), ...startedBy(second)];
  expect(new Set(started).size).toBe(started.length);
  const noted = project.read("journal").split("\n").filter(Boolean);
  expect(new Set(noted).size).toBe(noted.length);
  const runs = (await project.flow("runs", "--json")).json<RunListDocument>();
  // What was killed may have begun a run whose start it did not tell any more.
  expect(runs.map(({ id }) => id as string)).toEqual(expect.arrayContaining([...started, ...noted]));
});

test("has nothing to serve where no flow has a schedule", async () => {
  await using bare = await createTestProject({
    files: { "tsconfig.json": TSCONFIG, "src/flows.ts": SOURCE.replaceAll(/@flow\(.*\)/g, "@flow()") },
  });
  const { code, stderr } = await bare.flow("serve");
  expect([code, stderr]).toEqual([2, expect.stringContaining("no flow of this project has a schedule")]);
});
