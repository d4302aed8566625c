/** Tasks and flow bodies that do what they should not: told by name, recorded, mended, resumed; and the process ends by itself. */
import { readFile, rm, writeFile } from "node:fs/promises";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askEngine, buildProject, journal } from "./built-project.js";

/** An object whose every property throws: newer engines can still show its keys. */
const UNREADABLE = /no Error was thrown: (an unreadable object|\{ name: \[Getter\])/;

let project: TestProject;
beforeAll(async () => {
  project = await buildProject();
});
afterAll(() => project.remove());

const MISTAKES: [wrong: string, message: RegExp, args?: string[]][] = [
  ["throw error", /TypeError: the forecast has no hours\n\s+at throwThing .*src\/thrown\.ts:\d+/],
  ["throw string", /A value that is no Error was thrown: "just a string"/],
  ["throw undefined", /A value that is no Error was thrown: undefined/],
  ["throw null", /A value that is no Error was thrown: null/],
  ["throw hostile", UNREADABLE],
  ["throw proxy", /error Careless failed .*: Error: /],
  [
    "throw fields",
    /Error: the upload failed\n(\s+at .*\n)+ {2}cause: RangeError: the disk is full\n\s+at .*thrown\.ts/,
  ],
  [
    "throw aggregate",
    /no city answered\n(\s+at .*\n)+ {2}errors\[0\]: Error: Oslo is down\n(\s+at .*\n)+ {2}errors\[1\]/,
  ],
  ["throw string", /no Error was thrown: "just a string"/, ["--inside", "onCreate"]],
  ["throw aggregate", /AggregateError: no city answered/, ["--inside", "onSuccess"]],
  ["throw hostile", UNREADABLE, ["--inside", "onSuccess"]],
  [
    "return a function",
    /\[value-not-sendable\] In Misbehaving, result\.rows\[1\]\.format is a function .*\n {2}hint: Send the data/,
  ],
  ["return too much", /takes 50005 bytes, over its limit of 10000\.\n {2}hint: Return less .*"maxResultBytes"/],
  ["exit", /\[step-exited\] Task Misbehaving .* called process\.exit\(7\)\.\n\s+at .*misbehaving\.ts.*\n/],
  ["exit inside a catch-all", /\[step-exited\] .* called process\.exit\(7\)/],
  ["exit", /\[step-exited\]/, ["--inside", "onSuccess"]],
  ["kill the process", /\[step-exited\] .* called process\.kill\(\d+\) on its own process/],
  [
    "loop for ever",
    /\[step-timeout\] .* its timeout of 300 ms\. .* within its grace of 200 ms; its thread was ended\.\n {2}hint: Pass this\.signal/,
    ["--timeout", "300"],
  ],
  ["ignore the signal", /\[step-timeout\] .* did not stop within its grace/, ["--timeout", "300"]],
  ["throw in a timer", /Error: thrown in a timer\n\s+at .*misbehaving\.ts/],
  ["reject in a timer", /Error: rejected in a timer\n\s+at .*misbehaving\.ts/],
];

describe("a step that fails because of itself", () => {
  test.each(MISTAKES)("%s", async (wrong, message, more = []) => {
    const id = `${wrong} ${more.join("")}`.replaceAll(/[^a-zA-Z0-9]/g, "-");
    const cure = project.path(`cure-${id}`);
    await rm(project.path("journal"), { force: true });

    const failed = await project.flow("run", "Careless", "--wrong", wrong, "--cure", cure, "--id", id, ...more);
    expect(failed.stderr).toMatch(message);
    expect(failed.stderr).toContain(`Once the cause is gone: flow resume ${id}\n`);
    expect(failed.stderr).toMatch(/2 steps: 1 failed/);
    expect(failed).toMatchObject({ code: 1, stdout: "" });

    await writeFile(cure, "");
    const resumed = await project.flow("resume", id);
    expect(resumed.stderr).toMatch(/2 steps: 1 restored/);
    expect(resumed).toMatchObject({ code: 0, stdout: "before, well\n" });
    expect(journal(project)).toEqual(["before"]);
  });

  test("fill the memory", async () => {
    const cure = project.path("cure-memory");
    const args = ["run", "Careless", "--wrong", "fill the memory", "--cure", cure, "--id", "memory"];
    const failed = await project.start(args, { env: { NODE_OPTIONS: "--max-old-space-size=64" } }).done;
    expect(failed.stderr).toMatch(
      /\[out-of-memory\] Task Misbehaving .* ran out of memory\.\n {2}cause: .*\n {2}hint: Let Misbehaving hold less/,
    );
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    await writeFile(cure, "");
    expect(await project.flow("resume", "memory")).toMatchObject({ code: 0, stdout: "before, well\n" });
  });

  test.each(["loop for ever", "exit"])(
    "does not touch its neighbours, and a body that catches it goes on (%s)",
    async (wrong) => {
      await rm(project.path("journal"), { force: true });
      const { code, stdout } = await project.flow("run", "Neighbourly", "--wrong", wrong);
      const [caught, ...others] = JSON.parse(stdout) as string[];
      const neighbours = Array.from({ length: 12 }, (_, i) => `neighbour ${i}`);
      expect(caught).toMatch(wrong === "exit" ? /called process\.exit\(7\)/ : /its thread was ended/);
      expect(others).toEqual([...neighbours, "last"]);
      expect(journal(project).toSorted()).toEqual([...neighbours, "last"].sort());
      expect(code).toBe(0);
    },
  );
});

describe("a signal to a process whose step never ends", () => {
  const start = (id: string, cure: string, grace: string) =>
    project.start(["run", "Careless", "--wrong", "loop for ever", "--cure", cure, "--id", id, "--grace", grace]);

  test("the first one ends the loop after its grace; the run goes on from its record", async () => {
    const cure = project.path("cure-first");
    const running = start("first", cure, "200");
    await running.line("about to loop for ever");
    running.kill("SIGINT");
    const { code, stdout, stderr } = await running.done;
    expect(stderr).toContain("SIGINT: stopping.");
    expect(stderr).toMatch(/Careless suspended \(interrupt\).*\nGo on with: flow resume first\n$/);
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    await writeFile(cure, "");
    expect(await project.flow("resume", "first")).toMatchObject({ code: 0, stdout: "before, well\n" });
  });

  test("the second one does not wait for the grace", async () => {
    const cure = project.path("cure-second");
    const running = start("second", cure, "3600000");
    await running.line("about to loop for ever");
    running.kill("SIGINT");
    await running.line("SIGINT: stopping.");
    running.kill("SIGINT");
    expect(await running.done).toMatchObject({ code: 130, stdout: "" });
    await writeFile(cure, "");
    expect(await project.flow("resume", "second")).toMatchObject({ code: 0, stdout: "before, well\n" });
  });
});

describe("a flow body", () => {
  test.each([
    ["error", /TypeError: the forecast has no hours\n\s+at throwThing .*src\/thrown\.ts:\d+.*\n\s+at .*src\/flows\.ts/],
    ["string", /A value that is no Error was thrown: "just a string"/],
    ["undefined", /A value that is no Error was thrown: undefined/],
    ["null", /A value that is no Error was thrown: null/],
    ["hostile", UNREADABLE],
    ["proxy", /error Hotheaded failed .*: Error: /],
    ["fields", /cause: RangeError: the disk is full/],
    ["aggregate", /errors\[1\]: TypeError: Bergen is down/],
  ])("that throws %s fails the run", async (thing, message) => {
    const { code, stdout, stderr } = await project.flow("run", "Hotheaded", "--thing", thing);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("that is corrected goes on from its record", async () => {
    await using copy = await project.copy();
    await rm(copy.path("journal"), { force: true });
    expect((await copy.flow("run", "Hotheaded", "--thing", "error", "--id", "hot")).code).toBe(1);
    const source = copy.path("src/flows.ts");
    const text = await readFile(source, "utf8");
    await writeFile(
      source,
      text.replace(
        '    if (before !== "") throwThing(this.thing);\n',
        '    if (before === "") throwThing(this.thing);\n',
      ),
    );
    const resumed = await copy.flow("resume", "hot");
    expect(resumed.stderr).toContain("Building, since src/flows.ts has changed.");
    expect(resumed).toMatchObject({ code: 0, stdout: "well\n" });
    expect(journal(copy)).toEqual(["before"]);
  });

  test("that gives a task what cannot be sent", async () => {
    const { code, stdout, stderr } = await project.flow("run", "Smuggler");
    expect(stderr).toMatch(
      /\[invalid-parameters\] The parameters of Steady cannot be used:\n {2}"label" must be string, but it is .*\n {4}at Smuggler\.run .*flows\.ts:\d+:\d+\)\n {2}hint: Steady takes/,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("whose local step waits for nothing fails with that step, instead of ending the process without a word", async () => {
    const { code, stdout, stderr } = await project.flow("run", "Waiting", "--inside", "step");
    expect(stderr).toMatch(/\[stalled\] The function of step answer waits for something that never comes\.\n {2}hint:/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("that waits for nothing is suspended as stalled, with its last calls", async () => {
    const { code, stdout, stderr } = await project.flow("run", "Waiting", "--inside", "body");
    expect(stderr).toMatch(
      /suspended \(stalled\): Waiting waits for something that nothing can settle\. Its last calls: Steady/,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

describe("the engine in a process of its own", () => {
  test.each([
    ["throw hostile", undefined],
    ["return a function", "value-not-sendable"],
    ["exit", "step-exited"],
    ["loop for ever", "step-timeout"],
    ["ignore the signal", "step-timeout"],
    ["throw in a timer", undefined],
    ["fill the memory", "out-of-memory"],
  ])("leaves no thread and no handle behind (%s)", async (wrong, code) => {
    const timeout = code === "step-timeout" ? 300 : 600_000;
    const { outcome, resources, workers } = await askEngine(project, {
      start: "Careless",
      params: `{ wrong: "${wrong}", cure: "", timeout: ${timeout} }`,
      heapMb: 64,
    });
    expect(outcome).toMatchObject(code === undefined ? { status: "failed" } : { status: "failed", code });
    expect(workers).toBe(0);
    expect(resources.after).toEqual(resources.before);
  });
});
