/** Commands in job graphs: what they are given, what becomes of what they say, how they fail and how they are stopped. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobNode } from "@millrace/core";
import { memoryStore, type RunOutcome } from "@millrace/runtime";
import { openTestEngine, type TestEngine } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { graphOf, ref } from "./lab.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-shell-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string): string => join(folder, name);

function command(id: string, shell: string, params: JobNode["params"] = {}, more: Partial<JobNode> = {}): JobNode {
  return { id, run: { shell }, params: { cwd: { value: folder }, ...params }, ...more };
}

async function ran(nodes: readonly JobNode[], edges: readonly string[] = []) {
  await using engine = await openTestEngine();
  const outcome = await engine.start(graphOf(nodes, edges)).outcome();
  const logs = engine.events.of("log").map(({ level, text }) => `${level} ${text}`);
  return { outcome, logs };
}

const errorOf = (outcome: RunOutcome): unknown => outcome.status === "failed" && outcome.error.cause;

describe("a command", () => {
  it("gives its code and what it wrote; takes results through its environment, where no shell reads them", async () => {
    const { outcome, logs } = await ran(
      [
        command("first", `printf '%s' 'a "b" $HOME; rm -rf /'`),
        command(
          "second",
          'echo "got: $TEXT|$N|$LIST|$LINE"; echo careful >&2; echo "$MILLRACE_ATTEMPT $MILLRACE_STEP"',
          {
            "env.TEXT": { from: "first", path: "stdout" },
            "env.N": { value: 3 },
            "env.LIST": { value: [1, "x"] },
            "env.LINE": { template: `<${ref("first.code")}>` },
          },
        ),
      ],
      ["first > second"],
    );
    const said = 'got: a "b" $HOME; rm -rf /|3|[1,"x"]|<0>';
    expect(outcome).toMatchObject({
      status: "succeeded",
      value: { second: { code: 0, stdout: expect.stringMatching(/^got: .*\n1 \S+second\S*\n$/) } },
    });
    expect(logs[0]).toBe('info a "b" $HOME; rm -rf /');
    expect(logs.some((line) => line.startsWith(`info ${said}`))).toBe(true);
    expect(logs).toContain("error careful");
  });

  it("reads and writes files instead, whose folders are made, and whose result has no text then", async () => {
    writeFileSync(file("names"), "b\na\n");
    const { outcome } = await ran([
      command("sort", "sort; echo oops >&2", {
        stdin: { value: "names" },
        stdout: { value: "out/sorted" },
        stderr: { value: "out/sorted" },
      }),
    ]);
    expect(outcome).toMatchObject({ status: "succeeded", value: { sort: { code: 0 } } });
    expect(readFileSync(file("out/sorted"), "utf8")).toBe("a\nb\noops\n");
  });

  it("keeps no text of more than 64 KiB, nor one that is no UTF-8", async () => {
    const { outcome } = await ran([
      command("long", "head -c 65537 /dev/zero | tr '\\0' x"),
      command("most", "head -c 65536 /dev/zero | tr '\\0' x"),
      command("bytes", "printf '\\377'"),
      command("nothing", "true"),
    ]);
    expect(outcome).toMatchObject({
      value: {
        long: { code: 0 },
        bytes: { code: 0 },
        nothing: { code: 0, stdout: "" },
        most: { stdout: "x".repeat(65_536) },
      },
    });
  });

  it("fails with its code and its last words, is tried again, and has what waits for it skipped", async () => {
    const { outcome } = await ran(
      [
        command(
          "bad",
          `echo x >> tries; echo "no such thing" >&2; exit 3`,
          {},
          { options: { retry: { attempts: 2 } } },
        ),
        command("after", "touch after"),
      ],
      ["bad > after"],
    );
    expect(errorOf(outcome)).toMatchObject({
      code: "command-failed",
      message: "The command of bad ended with code 3: no such thing",
      data: { code: 3, stderr: "no such thing\n" },
    });
    expect(readFileSync(file("tries"), "utf8")).toBe("x\nx\n");
    expect(existsSync(file("after"))).toBe(false);
  });

  it("says what it was killed by, and what keeps it from beginning", async () => {
    const killed = await ran([command("killed", "kill -KILL $PPID")]);
    expect(errorOf(killed.outcome)).toMatchObject({ message: "The command of killed was killed by SIGKILL." });
    const homeless = await ran([command("homeless", "true", { cwd: { value: file("nowhere") } })]);
    expect(errorOf(homeless.outcome)).toMatchObject({
      code: "command-failed",
      message: expect.stringMatching(/^The command of homeless could not be started: there is no folder \//),
    });
    const unread = await ran([command("unread", "true", { stdin: { value: "nothing" } })]);
    expect(errorOf(unread.outcome)).toMatchObject({ message: expect.stringContaining("no such file or directory") });
  });

  it("takes nothing else along: parameters of other kinds are refused, each by name", async () => {
    await expect(ran([command("a", "true", { "env.x-y": { value: 1 } })])).rejects.toThrow(
      'nodes[0].params.env.x-y sets "x-y", which is no name of a variable: letters, digits and _.',
    );
    const late = command("late", "printf ''");
    const { outcome } = await ran(
      [late, command("a", "true", { cwd: { from: "late", path: "stdout" } })],
      ["late > a"],
    );
    expect(errorOf(outcome)).toMatchObject({ code: "invalid-parameters", data: { node: "a", param: "cwd" } });
    await using engine = await openTestEngine();
    const bad = command("a", "true", { shell: { value: 1 } }, { options: { isolate: true } });
    expect(() => engine.start(graphOf([bad, { id: "b", run: { shell: "" } }]))).toThrow(
      /nodes\[1\]\.run\.shell must be a command[\s\S]*nodes\[0\]\.params\.shell is no parameter[\s\S]*nodes\[0\]\.options\.isolate has no meaning/,
    );
  });
});

describe("a command that is stopped", () => {
  it("has its grace for cleaning up, children too", async () => {
    await using engine = await openTestEngine();
    const cleans = "trap 'echo cleaned > cleaned; exit 0' TERM; echo up; while :; do sleep 0.01; done";
    const run = engine.start(graphOf([command("slow", `bash -c "${cleans}"; true`)]));
    await heard(engine, "up");
    run.cancel();
    expect(await run.outcome()).toMatchObject({ status: "aborted" });
    expect(readFileSync(file("cleaned"), "utf8")).toBe("cleaned\n");
  });

  it("is killed after it, with all that it has started", async () => {
    await using engine = await openTestEngine();
    const stubborn = "trap '' TERM; sleep 1000 & echo $! > child; echo up; while :; do sleep 0.01; done";
    const run = engine.start(graphOf([command("stubborn", stubborn, {}, { options: { grace: "50ms" } })]));
    await heard(engine, "up");
    run.cancel();
    expect(await run.outcome()).toMatchObject({ status: "aborted" });
    await gone(Number(readFileSync(file("child"), "utf8")));
  });

  it("leaves nothing in the background when it ends by itself", async () => {
    const { outcome } = await ran([command("leaves", "sleep 1000 & echo $!")]);
    const { stdout } = (outcome as unknown as { value: { leaves: { stdout: string } } }).value.leaves;
    await gone(Number(stdout));
  });
});

it("a command on record does not run again, unless it is another one", async () => {
  const store = memoryStore();
  const graph = (last: string) =>
    graphOf([command("once", "echo x >> once"), command("last", last)], ["once > last"], { name: "twice" });
  const start = async (last: string) => {
    await using engine = await openTestEngine({ store });
    return await engine.start(graph(last), { id: "r", ifExists: "resume" }).outcome();
  };
  writeFileSync(file("broken"), "");
  expect(await start("[ ! -e broken ]")).toMatchObject({ status: "failed" });
  rmSync(file("broken"));
  expect(await start("[ ! -e broken ]")).toMatchObject({ status: "succeeded" });
  expect(readFileSync(file("once"), "utf8")).toBe("x\n");
});

async function heard(engine: TestEngine, text: string): Promise<void> {
  await engine.events.until("log", (line) => line.text === text);
}

/** A process ends a moment after it was killed. */
async function gone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  while (alive(pid)) await new Promise((resolve) => setImmediate(resolve));
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie waits for whoever adopted it; it does nothing any more.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
