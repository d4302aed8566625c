/** Commands on a Slurm cluster. The cluster is a fake (its programs stand beside this file), and time passes as soon as nobody works. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobNode } from "@millrace/core";
import { type RunOutcome, type SlurmOptions, SlurmSpawner } from "@millrace/runtime";
import { openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { graphOf } from "../job-graphs/lab.js";
import { type ClusterSettings, FakeCluster, HastyClock } from "./fake-cluster.js";

const SLOW = { timeout: 120_000 };

interface Rig extends Disposable {
  readonly cluster: FakeCluster;
  readonly clock: HastyClock;
  readonly commands: SlurmSpawner;
  node(id: string, shell: string, params?: JobNode["params"], more?: Partial<JobNode>): JobNode;
}

function rig(settings: ClusterSettings = {}, options: SlurmOptions = {}): Rig {
  const cluster = new FakeCluster(settings);
  const clock = new HastyClock();
  const spool = join(cluster.folder, "spool");
  return {
    cluster,
    clock,
    commands: new SlurmSpawner({ bin: cluster.folder, spool, clock, ...options }),
    node: (id, shell, params = {}, more = {}) => ({
      id,
      run: { shell },
      params: { cwd: { value: cluster.folder }, ...params },
      ...more,
    }),
    [Symbol.dispose]: () => cluster[Symbol.dispose](),
  };
}

async function ran({ commands }: Rig, nodes: readonly JobNode[]) {
  await using engine = await openTestEngine({ commands });
  const outcome = await engine.start(graphOf(nodes)).outcome();
  return { outcome, logs: engine.events.of("log").map(({ level, text }) => `${level} ${text}`) };
}

const errorOf = (outcome: RunOutcome): unknown => outcome.status === "failed" && outcome.error.cause;

describe("a command on a cluster (fake)", () => {
  it("is submitted with all that its step asks for, more than this machine has, too", SLOW, async () => {
    using lab = rig({ federated: true }, { args: ["--partition=long"] });
    const { folder } = lab.cluster;
    writeFileSync(join(folder, "names"), "b\n");
    const { outcome, logs } = await ran(lab, [
      lab.node(
        "align",
        'echo "$TEXT $MILLRACE_ATTEMPT"; cat; echo careful >&2',
        {
          "env.TEXT": { value: 'a "b" $HOME' },
          stdin: { value: "names" },
          "hints.sbatch_args": { value: ["--partition=short"] },
        },
        { options: { resources: { cpus: 511.5, memory: 4_000_000 }, timeout: "90s", tags: ["x", "y"] } },
      ),
      lab.node("files", "echo out; echo err >&2", {
        stdout: { value: "out/100%j" },
        stderr: { value: "out/100%j" },
        "hints.walltime": { value: "1-12:00:00" },
      }),
    ]);
    expect(outcome).toMatchObject({
      status: "succeeded",
      value: { align: { code: 0, stdout: 'a "b" $HOME 1\nb\n' }, files: { code: 0 } },
    });
    expect(logs).toEqual(expect.arrayContaining(["info Slurm job 1.", "error careful"]));
    expect(readFileSync(join(folder, "out/100%j"), "utf8")).toBe("out\nerr\n");
    // Which of the two comes first is open: nothing stands between them.
    const named = (name: string): readonly string[] =>
      lab.cluster.calls("sbatch").find((call) => call.some((one) => one.startsWith(`--job-name=${name}.`))) ?? [];
    const [align, files] = [named("align"), named("files")];
    const [, key = ""] = /^--comment=millrace ([0-9a-f]{32}) /.exec(align[3] ?? "") ?? [];
    expect(align).toEqual([
      ...["--parsable", "--export=ALL", `--job-name=align.${key.slice(0, 12)}`],
      expect.stringMatching(/^--comment=millrace [0-9a-f]{32} run=test-1 step=.*align.* tags=x,y$/),
      ...[`--chdir=${folder}`, `--output=${folder}/spool/${key}/stdout`, `--error=${folder}/spool/${key}/stderr`],
      ...[`--input=${folder}/names`, "--cpus-per-task=512", "--mem=4000000M", "--time=2"],
      ...["--partition=long", "--partition=short"],
    ]);
    expect(files.slice(5)).toEqual([
      ...[`--output=${folder}/out/100%%j`, `--error=${folder}/out/100%%j`],
      ...["--time=1-12:00:00", "--partition=long"],
    ]);
  });

  it("fails with its code and last words, and is submitted again for its next attempt", SLOW, async () => {
    using lab = rig();
    const { outcome } = await ran(lab, [
      lab.node("bad", "echo no such thing >&2; exit 3", {}, { options: { retry: { attempts: 2 } } }),
    ]);
    expect(errorOf(outcome)).toMatchObject({
      code: "command-failed",
      message: "The command of bad ended with code 3: no such thing",
    });
    expect(lab.cluster.jobs).toHaveLength(2);
    expect(new Set(lab.cluster.jobs.map(({ comment }) => comment)).size).toBe(2);
  });

  it("fails as the cluster ends it, and goes on when the cluster begins it anew", SLOW, async () => {
    using lab = rig();
    const { outcome } = await ran(lab, [
      lab.node("node-fails", "echo again", {}, { critical: false }),
      lab.node("times-out", "sleep 1000", {}, { critical: false, options: {} }),
    ]);
    expect(outcome).toMatchObject({ status: "succeeded", value: { "node-fails": { code: 0, stdout: "again\n" } } });
    expect(lab.cluster.jobs.map(({ state }) => state).sort()).toEqual(["COMPLETED", "TIMEOUT"]);

    using strict = rig({}, { activeStates: ["PENDING", "RUNNING"] });
    const once = await ran(strict, [strict.node("node-fails", "echo again")]);
    expect(errorOf(once.outcome)).toMatchObject({
      message: "The command of node-fails ended as NODE_FAIL (Slurm job 1).",
    });
  });

  it("gives its job back to the cluster when it is cancelled, and waits until it is over", SLOW, async () => {
    using lab = rig();
    await using engine = await openTestEngine({ commands: lab.commands });
    const run = engine.start(graphOf([lab.node("long", "echo up; sleep 1000")]));
    await engine.events.until("log", ({ text }) => text === "up");
    run.cancel();
    expect(await run.outcome()).toMatchObject({ status: "aborted" });
    expect(lab.cluster.calls("scancel")).toEqual([["--quiet", "1"]]);
    expect(lab.cluster.jobs[0]?.state).toBe("CANCELLED");
  });
});

describe("one poller for all jobs (fake cluster)", () => {
  it("asks once for twelve jobs; submissions keep their distance and put the look off", SLOW, async () => {
    using lab = rig();
    const nodes = Array.from({ length: 12 }, (_, i) => lab.node(`n${i}`, `echo ${i}`));
    const { outcome } = await ran(lab, nodes);
    expect(outcome).toMatchObject({ status: "succeeded", value: { n11: { stdout: "11\n" } } });
    expect(lab.cluster.jobs).toHaveLength(12);
    expect(lab.clock.pauses.filter((ms) => ms === 100).length).toBeGreaterThanOrEqual(11);
    // However many there are: every look is one question, after a pause.
    const pauses = lab.clock.pauses.filter((ms) => ms > 100);
    expect(lab.cluster.calls("squeue").length).toBeLessThanOrEqual(pauses.length);
  });

  it("has a loop for commands and one for containers, and each ends when it is told to", SLOW, async () => {
    using lab = rig();
    const endings = [new AbortController(), new AbortController()];
    const loops = endings.map(({ signal }) => lab.commands.background(signal));
    for (const [i, ending] of endings.entries()) {
      ending.abort();
      await loops[i];
    }
    expect(lab.cluster.calls("squeue")).toEqual([]);
  });

  it(
    "bears five looks in a row that fail, and not six: the run stops, and nothing is failed or cancelled",
    SLOW,
    async () => {
      using lab = rig({ failing: { squeue: 5 } });
      expect((await ran(lab, [lab.node("a", "echo a")])).outcome).toMatchObject({ status: "succeeded" });
      using worse = rig({ failing: { squeue: 6 } });
      const { outcome } = await ran(worse, [worse.node("a", "echo a")]);
      expect(outcome).toMatchObject({
        status: "suspended",
        message: expect.stringContaining("Unable to contact slurm"),
      });
      expect(worse.cluster.jobs).toHaveLength(1);
      expect(worse.cluster.calls("scancel")).toEqual([]);
    },
  );

  it(
    "takes the accounting's word for what the queue forgets, however late it comes, and says what was used",
    SLOW,
    async () => {
      using lab = rig({ forget: true, lag: 2 });
      const { outcome, logs } = await ran(lab, [lab.node("a", "echo a; exit 4")]);
      expect(errorOf(outcome)).toMatchObject({ message: expect.stringContaining("ended with code 4") });
      expect(logs).toContain(
        "info Slurm job 1 is over: FAILED, Elapsed 00:00:01, TotalCPU 00:00.010, MaxRSS 1024K, NodeList node1",
      );
    },
  );

  it("gives a job up that nobody knows any more, on a cluster without accounts", SLOW, async () => {
    using lab = rig({ forget: true, accounts: false });
    const { outcome } = await ran(lab, [lab.node("a", "echo a")]);
    expect(errorOf(outcome)).toMatchObject({ message: "The command of a ended as LOST (Slurm job 1)." });
    expect(lab.cluster.calls("sacct")).toHaveLength(1);
  });
});

describe("a submission (fake cluster)", () => {
  it("is made again after a minute, as often as is said", SLOW, async () => {
    using lab = rig({ failing: { sbatch: 2 } });
    expect((await ran(lab, [lab.node("a", "echo a")])).outcome).toMatchObject({ status: "succeeded" });
    expect(lab.clock.pauses.filter((ms) => ms === 60_000)).toHaveLength(2);
    using worse = rig({ failing: { sbatch: 3 } }, { submitAttempts: 3 });
    const { outcome } = await ran(worse, [worse.node("a", "echo a")]);
    expect(errorOf(outcome)).toMatchObject({
      code: "command-failed",
      message: expect.stringMatching(/^The command of a could not be submitted: .*Unable to contact slurm/),
    });
    expect(worse.cluster.calls("sbatch")).toHaveLength(3);
  });

  it("whose answer is lost is not made twice", SLOW, async () => {
    for (const settings of [{ swallow: 1 }, { swallow: 1, comments: false, forget: true }]) {
      using lab = rig(settings);
      const { outcome } = await ran(lab, [lab.node("a", "echo a")]);
      expect(outcome).toMatchObject({ status: "succeeded", value: { a: { stdout: "a\n" } } });
      expect(lab.cluster.jobs).toHaveLength(1);
    }
  });

  it("that the cluster refuses fails at once, in the cluster's words", SLOW, async () => {
    using lab = rig({ refuse: "Requested node configuration is not available" });
    const { outcome } = await ran(lab, [lab.node("a", "echo a")]);
    expect(errorOf(outcome)).toMatchObject({ message: expect.stringContaining("Requested node configuration") });
    expect(lab.cluster.calls("sbatch")).toHaveLength(1);
  });

  it("never begins with a time that is none", SLOW, async () => {
    using lab = rig();
    const { outcome } = await ran(lab, [lab.node("a", "echo a", { "hints.walltime": { value: "soon" } })]);
    expect(errorOf(outcome)).toMatchObject({ code: "invalid-parameters", data: { param: "hints.walltime" } });
    expect(lab.cluster.jobs).toEqual([]);
  });
});
