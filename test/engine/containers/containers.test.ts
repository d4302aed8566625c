/** Containers in job graphs. The client is a fake unless a test's title says else: it checks its arguments, and its containers outlive it. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JobNode } from "@millrace/core";
import { Container, Scheduler } from "@millrace/jobs";
import { ContainerSpawner, type RunOutcome } from "@millrace/runtime";
import { openTestEngine, startCommand, type TestEngine } from "@millrace/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { graphOf, ref } from "../job-graphs/lab.js";
import { FakeContainers } from "./fake-containers.js";

let fake: FakeContainers;
beforeEach(() => {
  fake = new FakeContainers("docker");
});
afterEach(() => fake[Symbol.dispose]());

function node(id: string, container: string, params: JobNode["params"] = {}, more: Partial<JobNode> = {}): JobNode {
  return { id, run: { container }, params: { cwd: { value: fake.folder }, ...params }, ...more };
}

const args = (...words: readonly string[]) => ({ args: { list: words.map((value) => ({ value })) } });

const open = (client = fake.client): Promise<TestEngine> =>
  openTestEngine({ containers: new ContainerSpawner({ client }) });

async function ran(nodes: readonly JobNode[], edges: readonly string[] = []) {
  await using engine = await open();
  const outcome = await engine.start(graphOf(nodes, edges)).outcome();
  return { outcome, logs: engine.events.of("log").map(({ level, text }) => `${level} ${text}`) };
}

const errorOf = (outcome: RunOutcome): unknown => outcome.status === "failed" && outcome.error.cause;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a container (fake client)", () => {
  it("7.3.10 gets exactly its arguments, one of them the result of a step; its log and its code come back", async () => {
    const { outcome, logs } = await ran(
      [
        node("first", "echo:1", args(`a "b" $HOME; rm -rf /`)),
        node(
          "second",
          "echo:1.2",
          {
            args: {
              list: [
                { value: "--n" },
                { value: 3 },
                { from: "first", path: "stdout" },
                { template: `<${ref("first.code")}>` },
              ],
            },
            name: { value: "greeter" },
            "env.LIST": { value: [1, "x"] },
          },
          { options: { resources: { cpus: 1.5, memory: 64.5 } } },
        ),
      ],
      ["first > second"],
    );
    const said = `a "b" $HOME; rm -rf /\n`;
    expect(outcome).toMatchObject({
      status: "succeeded",
      value: { second: { code: 0, stdout: `--n\n3\n${said}\n<0>\n` } },
    });
    expect(logs).toContain(`info a "b" $HOME; rm -rf /`);
    const [, second = []] = fake.runs;
    const key = expect.stringMatching(/^[\w-]{32}$/);
    const own = second.filter((word) => word.startsWith("MILLRACE_IDEMPOTENCY_KEY=")).map((word) => word.slice(25));
    expect(own).toEqual([key]);
    expect(second).toEqual([
      ...["run", "--rm", "--name", "greeter", "--label", `millrace.key=${own[0]}`, "--label", "millrace.run=test-1"],
      ...["--label", expect.stringMatching(/^millrace\.step=.*second/)],
      ...["--mount", `type=bind,source=${fake.folder},target=${fake.folder}`, "--workdir", fake.folder],
      ...["--env", `LIST=[1,"x"]`, "--env", "MILLRACE_RUN=test-1"],
      ...["--env", expect.stringMatching(/^MILLRACE_STEP=.*second/), "--env", "MILLRACE_ATTEMPT=1"],
      ...["--env", `MILLRACE_IDEMPOTENCY_KEY=${own[0]}`, "--cpus", "1.5", "--memory", "65m"],
      ...["echo:1.2", "--n", "3", said, "<0>"],
    ]);
    expect(fake.containers).toEqual([]);
  });

  it("is what its digest says, whatever the tag; reads and writes files; runs where its host is", async () => {
    writeFileSync(join(fake.folder, "names"), "b\na\n");
    const digest = "0123456789abcdef".repeat(4);
    const { outcome } = await ran([
      node("copy", "cat:9", {
        digest: { value: digest },
        stdin: { value: "names" },
        host: { value: "ssh://build-1" },
      }),
    ]);
    expect(outcome).toMatchObject({ status: "succeeded", value: { copy: { stdout: "b\na\n" } } });
    const [run = []] = fake.runs;
    expect(run.slice(0, 3)).toEqual(["--host", "ssh://build-1", "run"]);
    expect(run.slice(-2)).toEqual(["--interactive", `cat@sha256:${digest}`]);
  });

  it("fails with its code and its last words, and is tried again under another name", async () => {
    const { outcome } = await ran([node("bad", "exit:1", args("3"), { options: { retry: { attempts: 2 } } })]);
    expect(errorOf(outcome)).toMatchObject({
      code: "command-failed",
      message: "The command of bad ended with code 3: last words",
      data: { code: 3 },
    });
    const names = fake.runs.map((run) => run[run.indexOf("--name") + 1]);
    expect(new Set(names).size).toBe(2);
  });

  it("says what keeps it from beginning: an image that nobody has, a client that is not there", async () => {
    const { outcome } = await ran([node("none", "nobody/has:1")]);
    expect(errorOf(outcome)).toMatchObject({ message: expect.stringMatching(/code 125: .*Unable to find image/) });
    await using engine = await open(join(fake.folder, "nothing"));
    expect(errorOf(await engine.start(graphOf([node("a", "echo:1")])).outcome())).toMatchObject({
      code: "command-failed",
      message: expect.stringMatching(/^The container of a could not be run by .*nothing: .*nothing/),
    });
  });

  it("7.3.10 never begins with arguments from nowhere, parameters that it does not take, or a wrong digest", async () => {
    await using engine = await open();
    const nowhere = node("a", "echo:1", { args: { list: [{ from: "x" }] }, imgae: { value: 1 } });
    expect(() => engine.start(graphOf([nowhere, node("b", "")]))).toThrow(
      /nodes\[1\]\.run\.container must be an image[\s\S]*params\.imgae is no parameter of a container/,
    );
    expect(() => engine.start(graphOf([node("a", "echo:1", { args: { list: [{ from: "x" }] } })]))).toThrow(/"x"/);
    for (const params of [{ digest: { value: "abc" } }, { name: { value: "-v" } }, { args: { value: "text" } }]) {
      const [param] = Object.keys(params);
      expect(() => engine.start(graphOf([node("a", "echo:1", params)]))).toThrow(
        new RegExp(`nodes\\[0\\]\\.params\\.${param} cannot be used`),
      );
    }
    // What a result holds is not known before.
    const late = { id: "late", run: { shell: "printf text" } };
    const taking = node("a", "echo:1", { args: { from: "late", path: "stdout" } });
    const outcome = await engine.start(graphOf([late, taking], ["late > a"])).outcome();
    expect(errorOf(outcome)).toMatchObject({ code: "invalid-parameters", data: { node: "a", param: "args" } });
    expect(fake.runs).toEqual([]);
  });

  it("is a job of schedulers, too, whose arguments are results", async () => {
    await using engine = await open();
    const cwd = fake.folder;
    const says = new Container("echo:1", { cwd, args: ["a b"] });
    const reads = new Container("echo:1", { cwd, args: ["<", says.result.at("stdout")] }, { label: "reads" });
    const outcome = await new Scheduler(says, reads).run(engine);
    expect(outcome.result(reads)).toEqual({ code: 0, stdout: "<\na b\n\n" });
    expect(says.label).toBe("echo");
  });

  it("takes Podman's word for the address of a host", async () => {
    using podman = new FakeContainers("podman");
    await using engine = await open(podman.client);
    const there = node("a", "echo:1", { host: { value: "ssh://build-1" } });
    await engine.start(graphOf([there])).result();
    expect(podman.runs[0]?.slice(0, 3)).toEqual(["--url", "ssh://build-1", "run"]);
  });
});

describe("a container that is stopped (fake client)", () => {
  it("has its grace for cleaning up, and is gone after it", async () => {
    await using engine = await open();
    const run = engine.start(graphOf([node("long", "sleep:1")]));
    await engine.events.until("log", ({ text }) => text === "up");
    run.cancel();
    expect(await run.outcome()).toMatchObject({ status: "aborted" });
    expect(engine.events.of("log").map(({ text }) => text)).toContain("cleaned");
    expect(fake.containers).toEqual([]);
  });

  it("is taken away when its grace is over, though its client is killed", async () => {
    await using engine = await open();
    const run = engine.start(graphOf([node("long", "stubborn:1", {}, { options: { grace: "50ms" } })]));
    await engine.events.until("log", ({ text }) => text === "up");
    expect(fake.containers).toHaveLength(1);
    run.cancel();
    expect(await run.outcome()).toMatchObject({ status: "aborted" });
    while (fake.containers.length > 0) await turn();
  });

  it("is taken away when the process of its engine is killed", { timeout: 60_000 }, async () => {
    const script = fileURLToPath(new URL("engine-child.mjs", import.meta.url));
    await using child = startCommand({ command: process.execPath, args: [script, fake.client, fake.folder] });
    await child.line("up");
    expect(fake.containers).toHaveLength(1);
    child.kill("SIGKILL");
    while (fake.containers.length > 0) await turn();
  });

  it("is taken away before its step is tried again, if nobody could do so when its engine died", async () => {
    await using engine = await open();
    const again = node("again", "exit:1", args("0"));
    await engine.start(graphOf([again], [], { name: "g" }), { id: "r" }).result();
    const [run = []] = fake.runs;
    const label = run[run.indexOf("--label") + 1] ?? "";
    const [, key] = label.split("=");
    // What a machine leaves behind that has lost power: a container with the label of the step.
    const left = startCommand({
      command: fake.client,
      args: ["run", "--name", "left", "--label", label, "stubborn:1"],
    });
    await left.line("up");
    await using other = await open();
    await other.start(graphOf([again], [], { name: "g" }), { id: "r" }).result();
    expect(fake.runs.at(-1)).toContain(`MILLRACE_IDEMPOTENCY_KEY=${key}`);
    expect(fake.containers).toEqual([]);
    await left[Symbol.asyncDispose]();
  });
});

describe("a real client", () => {
  const IMAGE = "busybox:stable";
  const real = ["docker", "podman"].find(
    (client) => spawnSync(client, ["run", "--rm", "--pull=never", IMAGE, "true"], { timeout: 20_000 }).status === 0,
  );

  it.skipIf(real === undefined)(
    `runs a container (real Docker or Podman, where one has the image ${IMAGE})`,
    { timeout: 120_000 },
    async () => {
      await using engine = await open(real);
      const say = { ...args("sh", "-c", "pwd; cat $FILE"), "env.FILE": { value: "names" } };
      writeFileSync(join(fake.folder, "names"), "a\n");
      const outcome = await engine.start(graphOf([node("say", IMAGE, say)])).outcome();
      expect(outcome).toMatchObject({ value: { say: { code: 0, stdout: `${fake.folder}\na\n` } } });
      const long = node("long", IMAGE, args("sh", "-c", "echo up; sleep 1000"), { options: { grace: "1s" } });
      const run = engine.start(graphOf([long]));
      await engine.events.until("log", ({ text }) => text === "up");
      run.cancel();
      expect(await run.outcome()).toMatchObject({ status: "aborted" });
    },
  );
});
