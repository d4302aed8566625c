/** A misspelt name anywhere: the nearest one that exists is suggested, and the exit code says whose mistake it was. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildHash, type Diagnostic, durationMs, isMillraceError, type MillraceError } from "@millrace/core";
import { memoryStore, openEngine } from "@millrace/runtime";
import { startCommand, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { helloProject } from "./hello-project.js";

const CREATE_FLOW = fileURLToPath(new URL("../../packages/create-flow/bin/create-flow.js", import.meta.url));

let project: TestProject;
let build: string;
beforeAll(async () => {
  project = await helloProject();
  build = (JSON.parse((await project.flow("build", "--json")).stdout) as { build: string }).build;
  expect((await project.flow("run", "Hello", "--names", "a", "--id", "oslo-1")).code).toBe(0);
});
afterAll(() => project.remove());

describe("on the command line", () => {
  test.each<[string, string[], RegExp]>([
    ["command", ["graf", "Hello"], /Did you mean graph\?/],
    ["option", ["runs", "--jsno"], /Did you mean --json\?/],
    ["option value", ["graph", "Hello", "--format", "mermade"], /Did you mean "mermaid"\?/],
    ["option value", ["resume", "--code", "recored"], /Did you mean "recorded"\?/],
    ["flow", ["run", "Helo"], /Did you mean "Hello"\?/],
    ["flow", ["graph", "hello"], /Did you mean "Hello"\?/],
    ["flow", ["run", "Helo", "--help"], /Did you mean "Hello"\?/],
    ["flow", ["runs", "--flow", "Fragil"], /Did you mean "Fragile"\?/],
    ["run id", ["show", "olso-1"], /Did you mean "oslo-1"\?/],
    ["run id", ["logs", "oslo1"], /Did you mean "oslo-1"\?/],
    ["run id", ["resume", "oslo-l"], /Did you mean "oslo-1"\?/],
    ["step, by task", ["logs", "oslo-1", "Great"], /Did you mean "Greet"\?/],
    ["step, by label", ["logs", "oslo-1", "Greet[O]"], /Did you mean "Greet\[0\]"\?/],
    [
      "step, by key",
      ["logs", "oslo-1", "Hello/Hello.run#map@greetings/0[0]/Hello.run#Gret/0"],
      /Did you mean "Hello\//,
    ],
    ["parameter", ["run", "Hello", "--names", "a", "--lowd"], /did you mean --loud\?/],
    ["parameter by --param", ["run", "Hello", "--names", "a", "--param", "dyas=3"], /did you mean --days\?/],
    ["option of run", ["run", "Hello", "--names", "a", "--max-concurency", "2"], /did you mean --max-concurrency\?/],
    ["parameter value", ["run", "Hello", "--names", "a", "--mood", "mery"], /did you mean "merry"\?/],
    ["folder", ["runs", "--cwd", "scr"], /Did you mean "src"\?/],
  ])("%s: flow %j", async (_, args, suggestion) => {
    const { code, stdout, stderr } = await project.flow(...args);
    expect(stderr).toMatch(suggestion);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("parameter and value in a file of parameters", async () => {
    const file = join(project.root, "params.json");
    await writeFile(file, '{ "names": ["a"], "dys": 1, "mood": "garve" }');
    const { code, stderr } = await project.flow("run", "Hello", "--params", file);
    expect(stderr).toMatch(/dys \(in .*did you mean --days\?/);
    expect(stderr).toMatch(/"mood" must be .*Did you mean "grave"\?/);
    expect(code).toBe(2);
  });

  test("without a near name all are listed, or the command that lists them is named", async () => {
    expect((await project.flow("run", "Quite")).stderr).toMatch(/hint: The project has Fragile, Hello, Patient\./);
    expect((await project.flow("show", "zzz")).stderr).toMatch(/hint: The newest is oslo-1; `flow runs` lists all\./);
    expect((await project.flow("zzz")).stderr).toMatch(/hint: `flow --help` lists the commands\./);
    expect((await project.flow("runs", "--zzz")).stderr).toMatch(/hint: `flow runs --help` shows/);
  });

  test("a flow that has no runs yet is no misspelt one", async () => {
    const { code, stderr } = await project.flow("runs", "--flow", "Patient");
    expect(stderr).toContain("Start one with `flow run Patient`");
    expect(code).toBe(0);
  });

  test("task that a flow calls by a name, when building and when running", async () => {
    const copy = await project.copy();
    onTestFinished(() => copy.remove());
    const source =
      'import { Flow, flow } from "millrace";\n@flow()\nexport class Odd extends Flow<unknown> {\n  async run(): Promise<unknown> {\n    return this.call("Gret" as never);\n  }\n}\n';
    await writeFile(join(copy.root, "src/odd.ts"), source);
    const { code, stderr } = await copy.flow("run", "Odd");
    expect(stderr).toMatch(/dynamic-node\n.*no task or flow has the id "Gret" \(did you mean "Greet"\?\)/);
    expect(stderr).toMatch(/\[unknown-task\][\s\S]*hint: Did you mean "Greet"\?/);
    expect(code).toBe(1);
  });

  test("setting of the package.json", async () => {
    const copy = await project.copy();
    onTestFinished(() => copy.remove());
    await writeFile(
      join(copy.root, "package.json"),
      '{ "name": "hello", "type": "module", "millrace": { "exlude": [] } }',
    );
    const { code, stderr } = await copy.flow("build");
    expect(stderr).toMatch(/error\[project-not-found\].*millrace\.exlude.*\n {2}hint: Did you mean "exclude"\?/);
    expect(code).toBe(2);
  });
});

describe("in the sources", () => {
  const CASES: readonly (readonly [string, string, string, RegExp])[] = [
    ["parameter", "this.call(Greet, { nam: 'a' })", "param-unknown", /Did you mean "name"\?/],
    ["option", "this.call(Greet, { name: 'a' }, { timout: 5 })", "option-invalid", /did you mean "timeout"\?/],
    [
      "retry",
      "this.call(Greet, { name: 'a' }, { retry: { atempts: 2 } })",
      "option-invalid",
      /did you mean "attempts"\?/,
    ],
    [
      "backoff",
      "this.call(Greet, { name: 'a' }, { retry: { backoff: 'exponental' } })",
      "option-invalid",
      /did you mean "exponential"\?/,
    ],
    [
      "duration unit",
      "this.call(Greet, { name: 'a' }, { timeout: '30 secs' })",
      "option-invalid",
      /did you mean "30s"\?/,
    ],
    [
      "duration unit",
      "this.call(Greet, { name: 'a' }, { retry: { delay: '1.5minuts' } })",
      "option-invalid",
      /did you mean "1\.5m"\?/,
    ],
    ["option of a flow", "@flow({ verson: '2' })", "option-invalid", /Did you mean "version"\?/],
  ];
  const IMPORTS = 'import { Flow, flow } from "millrace";\nimport { Greet } from "./tasks.js";\n';

  /** One flow for each case, its odd text on a line of its own. */
  const flows = CASES.map(([, text], i) => {
    const isDecorator = text.startsWith("@");
    const call = isDecorator ? "this.call(Greet, { name: 'a' })" : text;
    return `${isDecorator ? text : "@flow()"}\nexport class Odd${i} extends Flow<unknown> {\n  async run(): Promise<unknown> {\n    return (\n      ${call}\n    );\n  }\n}\n`;
  });
  const lines = `${IMPORTS}${flows.join("")}`.split("\n");
  let found: readonly Diagnostic[];
  beforeAll(async () => {
    const copy = await project.copy();
    await writeFile(join(copy.root, "src/odd.ts"), lines.join("\n"));
    const { code, stdout } = await copy.flow("check", "--json");
    await copy.remove();
    expect(code).toBe(3);
    found = (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
  });

  test.each(CASES)("%s: %s", (_, text, code, suggestion) => {
    const line = lines.findIndex((one) => one.includes(text)) + 1;
    const diagnostic = found.find(({ span, ...one }) => span.line === line && one.code === code);
    expect(`${diagnostic?.message} ${diagnostic?.hint}`).toMatch(suggestion);
  });
});

describe("in one's own process", () => {
  async function refusal(action: () => unknown): Promise<MillraceError> {
    try {
      await action();
    } catch (error) {
      if (isMillraceError(error)) return error;
      throw error;
    }
    throw new Error("nothing was refused");
  }

  test("flow, parameter, parameter value, run id", async () => {
    const engine = await openEngine({ cwd: project.root, store: memoryStore(), executor: "inline", observers: [] });
    onTestFinished(() => engine.close());
    const start = (flow: string, params: object) => refusal(() => engine.start(flow as never, params as never));
    expect(await start("Helo", {})).toMatchObject({ code: "unknown-flow", hint: expect.stringContaining('"Hello"?') });
    const params = await start("Hello", { names: ["a"], dais: 1, mood: "mery" });
    expect(params).toMatchObject({ code: "invalid-parameters" });
    expect(params.message).toMatch(/did you mean "days"\?[\s\S]*Did you mean "merry"\?/);
    await engine.start("Hello" as never, { names: ["a"] } as never, { id: "bergen-1" }).result();
    expect(await refusal(() => engine.resume("bregen-1"))).toMatchObject({
      code: "unknown-run",
      hint: expect.stringContaining('Did you mean "bergen-1"?'),
    });
  });

  test("build: by a typo, and by its first letters as tables show them", async () => {
    const open = (hash: string) =>
      refusal(() => openEngine({ cwd: project.root, store: memoryStore(), build: hash as BuildHash }));
    for (const hash of [build.slice(0, 8), `${build.slice(0, -1)}x`]) {
      expect(await open(hash)).toMatchObject({
        code: "build-missing",
        hint: expect.stringContaining(`Did you mean "${build}"?`),
      });
    }
    expect((await open("0000")).hint).toMatch(/^Run `flow build`/);
  });

  test("duration", async () => {
    for (const [given, meant] of [
      ["5 min", "5m"],
      ["2 houres", "2h"],
      ["10 msec", "10ms"],
      ["3S", "3s"],
    ] as const) {
      const error = await refusal(() => durationMs(given as never, "timeout"));
      expect(error).toMatchObject({
        code: "invalid-duration",
        hint: expect.stringMatching(`Did you mean "${meant}"\\?`),
      });
    }
    const hopeless = await refusal(() => durationMs("1 fortnight" as never, "timeout"));
    expect(hopeless.hint).toMatch(/^Give milliseconds/);
  });
});

describe("of the scaffolder", () => {
  test.each([
    ["template", ["app", "--template", "startr"], /Did you mean "starter"\?/],
    ["option", ["app", "--tempalte", "starter"], /Did you mean "--template"\?/],
  ])("%s", async (_, args, suggestion) => {
    const dir = await mkdtemp(join(tmpdir(), "millrace-create-"));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const { code, stderr } = await startCommand({
      command: process.execPath,
      args: [CREATE_FLOW, ...args, "--yes"],
      cwd: dir,
    }).done;
    expect(stderr).toMatch(suggestion);
    expect(code).toBe(2);
  });
});
