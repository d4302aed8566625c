/** Commands as child processes: every wait ends by an event or by the deadline, and nothing outlives its test. */
import { type CommandOptions, type RunningCommand, startCommand } from "@millrace/testing";
import { expect, onTestFinished, test, vi } from "vitest";

function node(script: string, more: Partial<CommandOptions> = {}): RunningCommand {
  return startCommand({ command: process.execPath, args: ["--input-type=module", "--eval", script], ...more });
}

/** Speaks, then lives until it is told to end. */
const LIVES = 'console.log("up"); setInterval(() => {}, 1_000);';

test("leaves code, signal and both streams", async () => {
  const ended = await node('console.log("out"); console.error("err"); process.exitCode = 3;').done;
  expect(ended).toMatchObject({ code: 3, signal: null, stdout: "out\n", stderr: "err\n" });
});

test("reads its output as JSON, and shows it if it is none", async () => {
  const good = await node("console.log('{\"a\": [1]}')").done;
  expect(good.json<{ a: number[] }>().a).toEqual([1]);
  const bad = await node('console.log("no document"); console.error("because")').done;
  expect(() => bad.json()).toThrow(
    expect.objectContaining({
      code: "output-unexpected",
      message: expect.stringMatching(/printed no JSON document\.\nstdout:\nno document\n\nstderr:\nbecause/),
    }),
  );
});

test("waits for whole lines of either stream, printed already or to come", async () => {
  await using command = node(`
    process.stdout.write("one, in ");
    process.stdin.once("data", (word) => {
      process.stdout.write("pieces\\nsecond ONE\\n");
      process.stderr.write("heard " + word);
    });
    console.error("ready");
  `);
  await command.line("ready");
  const early = command.line(/one/);
  command.stdin.end("you\n");
  expect(await early).toBe("one, in pieces");
  expect(await command.line("heard")).toBe("heard you");
  expect(await command.line(/one/gi, { nth: 2 })).toBe("second ONE");
  expect(await command.line(/one/)).toBe("one, in pieces");
  expect((await command.done).code).toBe(0);
  expect(await command.line("pieces")).toBe("one, in pieces");
});

test("the end of the output is a line, too", async () => {
  expect(await node('process.stdout.write("no line end")').line("no line")).toBe("no line end");
});

test("a line that never comes is an error with what was printed", async () => {
  const command = node('console.log("something else")');
  await expect(command.line(/this/)).rejects.toMatchObject({
    code: "output-unexpected",
    message: expect.stringMatching(/has ended without a line with \/this\/\.\nstdout:\nsomething else\n/),
  });
  await expect(command.line("that")).rejects.toThrow('without a line with "that"');
});

test("a signal ends it, and is its result", async () => {
  const command = node(LIVES);
  await command.line("up");
  command.kill("SIGTERM");
  expect(await command.done).toMatchObject({ code: null, signal: "SIGTERM" });
  command.kill();
});

test("past its deadline it is killed, and whoever waits learns what it printed", async () => {
  vi.useFakeTimers();
  const command = node(LIVES, { deadlineMs: 200 });
  const line = command.line("never printed");
  vi.useRealTimers();
  await expect(command.done).rejects.toMatchObject({
    code: "command-overdue",
    message: expect.stringMatching(/did not end within 200 ms and was killed\.\nstdout:/),
  });
  await expect(line).rejects.toMatchObject({ code: "command-overdue" });
  expect(() => process.kill(command.pid ?? 0, 0)).toThrow("ESRCH");
});

test("nothing outlives await using: neither the command nor a wait for who holds its output", async () => {
  let pid = 0;
  {
    await using command = node(`
      import { spawn } from "node:child_process";
      const script = "setInterval(() => {}, 1_000)";
      const child = spawn(process.execPath, ["--eval", script], { stdio: ["ignore", "inherit", "inherit"] });
      console.log(child.pid);
    `);
    const grandchild = Number(await command.line(/^\d+$/));
    onTestFinished(() => void process.kill(grandchild, "SIGKILL"));
    pid = command.pid ?? 0;
  }
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("a program that is not there rejects", async () => {
  await using command = startCommand({ command: "no-such-program" });
  await expect(command.done).rejects.toMatchObject({ code: "ENOENT" });
  await expect(command.line("anything")).rejects.toThrow();
});

test("sees nothing of the test runner, no colours, and what it is given", async () => {
  vi.stubEnv("FORCE_COLOR", "1");
  vi.stubEnv("KEPT", "kept");
  vi.stubEnv("TAKEN", "taken");
  const command = node("console.log(JSON.stringify(process.env))", { env: { OWN: "own", TAKEN: undefined } });
  vi.unstubAllEnvs();
  const env = (await command.done).json<Record<string, string>>();
  expect(process.env).toHaveProperty("VITEST");
  expect(Object.keys(env).filter((name) => /VITEST|NODE_ENV|FORCE_COLOR|TAKEN/.test(name))).toEqual([]);
  expect(env).toMatchObject({ NO_COLOR: "1", KEPT: "kept", OWN: "own" });
});
