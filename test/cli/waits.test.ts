/** Runs that wait for somebody outside: they leave the process, take messages, and go on. */
import type { RunDocument } from "@millrace/core";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const SOURCE = `
import { Flow, Task, flow, param, task } from "millrace";

@task()
export class Ask extends Task<string> {
  async run(): Promise<string> {
    return "asked";
  }
}

@flow()
export class Approval extends Flow<unknown> {
  @param() minutes = 60;
  async run(): Promise<unknown> {
    const asked = await this.call(Ask);
    const answer = await this.waitFor<{ by: string }>("approval", { timeout: this.minutes * 60_000 });
    return { asked, answer };
  }
}

/** Works while it waits, so that it stays. */
@flow()
export class Busy extends Flow<unknown> {
  async run(): Promise<unknown> {
    return Promise.race([this.call(Spin), this.waitFor("go")]);
  }
}

@task()
export class Spin extends Task<void> {
  async run(): Promise<void> {
    this.log.info("spinning");
    await new Promise((resolve) => this.signal.addEventListener("abort", resolve));
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

test("a run that only waits ends its process with exit code 4 and says who answers how; then it goes on with the answer", async () => {
  const waiting = await project.flow("run", "Approval", "--id", "a", "--json");
  expect(waiting.code).toBe(4);
  expect(JSON.parse(waiting.stdout) as RunDocument).toMatchObject({ status: "suspended", reason: "wait" });
  expect(waiting.stderr).toContain('It waits for a message "approval".');
  expect(waiting.stderr).toContain("Answer with: flow send a approval --data JSON");
  expect((await project.flow("runs")).stdout).toMatch(/\na +Approval +suspended \(wait\)/);

  const still = await project.flow("resume", "a");
  expect(still.code).toBe(4);
  const sent = await project.flow("send", "a", "approval", "--data", '{"by":"Ann"}');
  expect(sent).toMatchObject({
    code: 0,
    stderr: "Run a has the message; nobody runs it now. Go on with: flow resume a\n",
  });
  const resumed = await project.flow("resume", "a");
  expect(resumed.code).toBe(0);
  expect(JSON.parse(resumed.stdout)).toEqual({ asked: "asked", answer: { by: "Ann" } });
});

test("a message reaches a run in another process", async () => {
  const running = project.start(["run", "Busy", "--id", "b"]);
  await running.line("spinning");
  const sent = await project.flow("send", "b", "go", "--data", '"now"', "--json");
  expect([sent.code, JSON.parse(sent.stdout)]).toEqual([0, { runId: "b", name: "go", delivered: true }]);
  expect(await running.done).toMatchObject({ code: 0, stdout: "now\n" });
});

test("what cannot be sent is refused by name", async () => {
  await project.flow("run", "Approval", "--id", "c");
  const refused = async (...args: readonly string[]): Promise<unknown> => {
    const { code, stderr } = await project.flow("send", ...args);
    return [code, stderr.split("\n")[0]];
  };
  expect(await refused("c", "approval", "--data", "{by")).toEqual([
    2,
    expect.stringContaining("error[usage]: --data is no JSON"),
  ]);
  expect(await refused("d", "approval")).toEqual([2, 'error[unknown-run]: There is no run "d".']);
  await project.flow("cancel", "c");
  expect(await refused("c", "approval")).toEqual([2, "error[run-over]: Run c is over: it was cancelled."]);
});

test("a message is checked before it is taken: its name, and what it holds", async () => {
  await project.flow("run", "Approval", "--id", "typed");
  const misspelt = await project.flow("send", "typed", "aproval", "--data", '{"by":"Ann"}');
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toContain('error[message-unknown]: Approval never waits for a message "aproval".');
  expect(misspelt.stderr).toContain('Did you mean "approval"?');

  const wrong = await project.flow("send", "typed", "approval", "--data", '{"by":7,"at":"noon"}');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('error[message-invalid]: The message "approval" is not what Approval waits for:');
  expect(wrong.stderr).toContain("by");
  expect(wrong.stderr).toContain("at");
  expect(wrong.stderr).toContain("It waits for { by: string }.");

  // Neither was put on record: the right one is the first that the wait gets.
  expect(await project.flow("send", "typed", "approval", "--data", '{"by":"Ann"}')).toMatchObject({ code: 0 });
  const { code, stdout } = await project.flow("resume", "typed", "--json");
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as RunDocument).result).toEqual({ asked: "asked", answer: { by: "Ann" } });
});
