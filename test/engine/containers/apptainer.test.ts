/**
 * Containers without a daemon: Apptainer and Singularity, in bash and on a Slurm cluster. Client and cluster are fakes; the client checks its
 * arguments and, like the real one, gives variables to a shell unless it is told not to.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobNode } from "@millrace/core";
import { ApptainerSpawner, type ApptainerSpawnerOptions, type RunOutcome, SlurmSpawner } from "@millrace/runtime";
import { openTestEngine, type TestEngine } from "@millrace/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { graphOf } from "../job-graphs/lab.js";
import { FakeCluster, HastyClock } from "../slurm/fake-cluster.js";
import { FakeContainers } from "./fake-containers.js";

let fake: FakeContainers;
beforeEach(() => {
  fake = new FakeContainers("apptainer");
});
afterEach(() => fake[Symbol.dispose]());

function node(id: string, container: string, params: JobNode["params"] = {}, more: Partial<JobNode> = {}): JobNode {
  return { id, run: { container }, params: { cwd: { value: fake.folder }, ...params }, ...more };
}

const args = (...words: readonly string[]) => ({ args: { value: words } });

const open = (options: ApptainerSpawnerOptions = {}): Promise<TestEngine> =>
  openTestEngine({ containers: new ApptainerSpawner({ client: fake.client, ...options }) });

async function ran(nodes: readonly JobNode[], options: ApptainerSpawnerOptions = {}) {
  await using engine = await open(options);
  const outcome = await engine.start(graphOf(nodes)).outcome();
  return { outcome, logs: engine.events.of("log").map(({ text }) => text) };
}

const errorOf = (outcome: RunOutcome): unknown => outcome.status === "failed" && outcome.error.cause;

describe("a container by Apptainer (fake client)", () => {
  it("gets exactly its arguments and its variables, none of which a shell reads", async () => {
    const word = `a "b" 'c' $HOME \`id\` $(id); #\nd`;
    const { outcome, logs } = await ran(
      [
        node("words", "quay.io/x/echo:1", args("--flag", word, "")),
        node("vars", "vars:2", { ...args("TEXT", "MILLRACE_STEP", "SHELL_ONLY"), "env.TEXT": { value: word } }),
      ],
      { args: ["--nv"] },
    );
    expect(outcome).toMatchObject({
      status: "succeeded",
      value: {
        words: { code: 0, stdout: `--flag\n${word}\n\n` },
        vars: { code: 0, stdout: expect.stringMatching(/\nMILLRACE_STEP=.*vars\/0\nSHELL_ONLY=\n$/) },
      },
    });
    expect(outcome).toMatchObject({ value: { vars: { stdout: expect.stringContaining(`TEXT=${word}\n`) } } });
    // In lines or together, as they come.
    expect(logs.join("\n")).toContain("--flag\n");
    expect(fake.calls.find((call) => call.includes("--flag"))).toEqual([
      ...["exec", "--cleanenv", "--no-eval", "--no-home"],
      ...["--mount", `type=bind,source=${fake.folder},target=${fake.folder}`, "--pwd", fake.folder],
      ...["--nv", "docker://quay.io/x/echo:1", "--flag", word, ""],
    ]);
  });

  it("is what its digest says, or a file; reads and writes files; folders may have any name", async () => {
    const digest = "0123456789abcdef".repeat(4);
    const cwd = join(fake.folder, `o'dd, "name"`);
    mkdirSync(cwd);
    writeFileSync(join(cwd, "names"), "b\na\n");
    const { outcome } = await ran([
      node("copy", "cat:9", { digest: { value: digest }, cwd: { value: cwd }, stdin: { value: "names" } }),
      node("file", "/images/echo.sif", { ...args("x"), stdout: { value: "out/said" } }),
    ]);
    expect(outcome).toMatchObject({ status: "succeeded", value: { copy: { stdout: "b\na\n" } } });
    expect(readFileSync(join(fake.folder, "out/said"), "utf8")).toBe("x\n");
    const [copy, file] = ["cat", "echo"].map((image) =>
      fake.calls.find((call) => call.some((one) => one.includes(image))),
    );
    expect(copy?.at(-1)).toBe(`docker://cat@sha256:${digest}`);
    const quoted = cwd.replaceAll('"', '""');
    expect(copy?.[5]).toBe(`type=bind,"source=${quoted}","target=${quoted}"`);
    expect(file?.slice(-2)).toEqual(["/images/echo.sif", "x"]);
  });

  it("fails with its code and its last words; one that needs a daemon is refused, and a client that is not there told", async () => {
    const bad = await ran([node("bad", "exit:1", args("3"))]);
    expect(errorOf(bad.outcome)).toMatchObject({
      code: "command-failed",
      message: "The command of bad ended with code 3: last words",
      data: { code: 3 },
    });
    const hosted = await ran([node("there", "echo:1", { host: { value: "ssh://build-1" } })]);
    expect(errorOf(hosted.outcome)).toMatchObject({
      code: "invalid-parameters",
      data: { node: "there", param: "host" },
    });
    const lost = await ran([node("a", "echo:1")], { client: join(fake.folder, "nothing") });
    expect(errorOf(lost.outcome)).toMatchObject({ message: expect.stringMatching(/code 127: .*nothing/) });
  });

  it("hears that it is to stop, and cleans up", async () => {
    await using engine = await open();
    const run = engine.start(graphOf([node("long", "sleep:1")]));
    await engine.events.until("log", ({ text }) => text === "up");
    run.cancel();
    expect(await run.outcome()).toMatchObject({ status: "aborted" });
    expect(engine.events.of("log").map(({ text }) => text)).toContain("cleaned");
  });

  it("has its variables by Singularity's name for them, if that is the client", async () => {
    using other = new FakeContainers("singularity");
    const { outcome } = await ran([node("vars", "vars:1", { ...args("A"), "env.A": { value: "x,y" } })], {
      client: other.client,
    });
    expect(outcome).toMatchObject({ value: { vars: { stdout: "A=x,y\n" } } });
  });
});

describe("containers on a cluster (fake cluster, fake client)", () => {
  it("are jobs like commands, beside which they wait for the same looks", { timeout: 120_000 }, async () => {
    using cluster = new FakeCluster();
    const commands = new SlurmSpawner({
      bin: cluster.folder,
      spool: join(cluster.folder, "spool"),
      clock: new HastyClock(),
    });
    const containers = new ApptainerSpawner({ client: fake.client, commands });
    await using engine = await openTestEngine({ commands, containers });
    const box = node(
      "box",
      "vars:1",
      { ...args("A", "HOME"), "env.A": { value: "$HOME '" }, "hints.walltime": { value: "2h" } },
      { options: { resources: { cpus: 511, memory: 4_000_000 } } },
    );
    const plain: JobNode = { id: "plain", run: { shell: "echo plain" }, params: { cwd: { value: fake.folder } } };
    const outcome = await engine.start(graphOf([box, plain, node("bad", "exit:1", args("3"))])).outcome();
    expect(errorOf(outcome)).toMatchObject({ message: "The command of bad ended with code 3: last words" });
    const steps = engine.events.of("step-settled").map(({ step, state }) => `${step.node} ${state}`);
    expect(steps.sort()).toEqual(["bad failed", "box succeeded", "plain succeeded"]);
    expect(engine.events.of("log").map(({ text }) => text)).toEqual(
      expect.arrayContaining(["A=$HOME '\nHOME=", "plain"]),
    );
    const [submitted = []] = cluster.calls("sbatch").filter((call) => call.some((one) => /-name=box\./.test(one)));
    expect(submitted).toEqual(expect.arrayContaining(["--cpus-per-task=511", "--mem=4000000M", "--time=120"]));
    expect(cluster.jobs).toHaveLength(3);
  });
});
