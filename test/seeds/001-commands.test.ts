/** Commands as jobs of a scheduler, and results that are handed on: scenario 19; services. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Job, Scheduler } from "@millrace/jobs";
import { defineTask } from "@millrace/sdk";
import { openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { temporaryFolders } from "./temporary-folders.js";

const folder = temporaryFolders();

describe("jobs", () => {
  it("19: hands what one command says to another; what was not said fails it", async () => {
    await using engine = await openTestEngine();
    const says = new Command("printf 'a b; $HOME'", {}, { label: "says" });
    const reads = new Command('printf "<$TEXT>$N"', { env: { TEXT: says.result.at("stdout"), N: [1] } });
    const silent = new Command("printf x", { stdout: "/dev/null" }, { label: "silent" });
    const lacks = new Command(
      "echo $TEXT",
      { env: { TEXT: silent.result.at("stdout") } },
      { label: "lacks", critical: false },
    );
    const outcome = await new Scheduler(says, reads, silent, lacks).run(engine);
    expect(outcome.result(reads)).toEqual({ code: 0, stdout: "<a b; $HOME>[1]" });
    expect(reads.label).toBe("printf");
    expect(outcome.of(lacks)).toMatchObject({ state: "failed", error: { code: "reference-missing" } });
  });

  it("runs a service beside the others, and stops it with them", async () => {
    await using engine = await openTestEngine();
    const at = { cwd: folder() };
    const prepare = new Command("mkfifo ready", at, { label: "prepare" });
    const service = new Command(
      "trap 'echo closed > log; exit' TERM; echo up > ready; while :; do sleep 1 & wait; done",
      at,
      { label: "service", forever: true },
    ).requires(prepare);
    const use = new Command("cat ready", at, { label: "use" }).requires(prepare);
    const outcome = await new Scheduler(prepare, service, use).run(engine);
    expect(outcome.result(use)).toEqual({ code: 0, stdout: "up\n" });
    expect(outcome.ok).toBe(true);
    expect(outcome.of(service).state).toBe("cancelled");
    expect(await readFile(join(at.cwd, "log"), "utf8")).toBe("closed\n");
  });

  it("19: hands results on, in part; what is not there fails the job that takes it", async () => {
    await using engine = await openTestEngine();
    const run = defineTask({ id: "Run", run: ({ command }: { command: { text: string; port?: number } }) => command });
    const find = new Job(() => ({ port: 80, names: ["x", "y"] as string[] }), { label: "find" });
    const ok = new Job(run, { command: { text: find.result.at("names").at(1), port: find.result.at("port") } });
    const lacks = new Job(
      run,
      { command: { text: find.result.at("names").at(7) } },
      { label: "lacks", critical: false },
    );
    const outcome = await new Scheduler(find, ok, lacks).run(engine);
    expect(outcome.result(ok)).toEqual({ text: "y", port: 80 });
    expect(outcome.of(lacks)).toMatchObject({ state: "failed", error: { code: "reference-missing" } });
  });
});
