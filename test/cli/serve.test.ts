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

const WAITING = `
import { appendFileSync } from "node:fs";
import { Flow, Task, flow, task } from "millrace";

@flow()
export class Ask extends Flow<string> {
  async run(): Promise<string> {
    return "so be it, " + (await this.waitFor<string>("name"));
  }
}

@task()
export class Hold extends Task<void> {
  async run(): Promise<void> {
    appendFileSync("journal", this.info.run + "\\n");
    await new Promise<void>((resolve) => this.signal.addEventListener("abort", () => resolve()));
  }
}

@flow()
export class Held extends Flow<void> {
  async run(): Promise<void> {
    await this.call(Hold);
  }
}
`;

test("goes on with runs that wait and that were cut off, now and later, and leaves those that were interrupted meanwhile", async () => {
  await using own = await createTestProject({ files: { "tsconfig.json": TSCONFIG, "src/flows.ts": WAITING } });
  await own.flow("build");
  const leftWaiting = async (id: string): Promise<void> => {
    expect((await own.flow("run", "Ask", "--id", id)).code).toBe(4);
  };
  const cut = async (id: string, signal: "SIGKILL" | "SIGINT"): Promise<void> => {
    const run = own.start(["run", "Held", "--id", id]);
    await run.line(`Held started as run ${id}`);
    run.kill(signal);
    await run.done;
  };
  await leftWaiting("before");
  await cut("stopped-before", "SIGINT");
  const serve = own.start(["serve", "--json"]);
  await serve.line("No flow of this project has a schedule.");
  await serve.line('"resumed","flow":"Ask","run":"before"');
  await serve.line('"resumed","flow":"Held","run":"stopped-before"');

  await cut("stopped", "SIGINT");
  await cut("killed", "SIGKILL");
  await leftWaiting("later");
  await serve.line('"run":"killed"');
  await serve.line('"run":"later"');
  // Another pass over all of them.
  await leftWaiting("last");
  await serve.line('"run":"last"');

  expect((await own.flow("send", "later", "name", "--data", '"Ann"')).code).toBe(0);
  await serve.line(/Ask succeeded/);
  serve.kill("SIGTERM");
  expect((await serve.done).code).toBe(143);
  const resumed = linesOf(serve).flatMap((line) => (line.event === "resumed" ? [line.run as string] : []));
  expect(resumed.toSorted()).toEqual(["before", "killed", "last", "later", "stopped-before"]);
  const runs = (await own.flow("runs", "--json")).json<RunListDocument>();
  expect(runs.find(({ id }) => id === "later")).toMatchObject({ state: "succeeded" });
  expect(runs.find(({ id }) => id === "before")).toMatchObject({ state: "suspended", reason: "interrupt" });
});

test("says once of a run that it cannot go on, and keeps the others", async () => {
  await using own = await createTestProject({ files: { "tsconfig.json": TSCONFIG, "src/flows.ts": WAITING } });
  await own.flow("build");
  for (const [flow, id] of [
    ["Ask", "gone"],
    ["Ask", "kept"],
  ] as const)
    expect((await own.flow("run", flow, "--id", id)).code).toBe(4);
  own.write("src/flows.ts", WAITING.replaceAll("Ask", "Asked"));
  const serve = own.start(["serve", "--json"]);
  await serve.line('"left","flow":"Ask","run":"kept"');
  await serve.line('"left","flow":"Ask","run":"gone"');
  expect((await own.flow("run", "Asked", "--id", "renamed")).code).toBe(4);
  await serve.line('"resumed","flow":"Asked","run":"renamed"');
  serve.kill("SIGINT");
  expect((await serve.done).code).toBe(130);
  expect(linesOf(serve).filter(({ event }) => event === "left")).toHaveLength(2);
});
