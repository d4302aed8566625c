/** Commands on a real Slurm cluster of one node, which this file starts and stops: `npm run slurm` installs it where there is none. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobNode } from "@millrace/core";
import { SlurmSpawner } from "@millrace/runtime";
import { openTestEngine } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helloProject } from "../../cli/hello-project.js";
import { graphOf } from "../job-graphs/lab.js";
import { isSlurmInstalled, RealCluster } from "./real-cluster.js";

describe.skipIf(!isSlurmInstalled())("a real cluster (where Slurm is installed)", { timeout: 180_000 }, () => {
  let cluster: RealCluster;
  let folder: string;
  beforeAll(async () => {
    cluster = await RealCluster.start();
    Object.assign(process.env, cluster.env);
    folder = mkdtempSync(join(tmpdir(), "millrace-real-"));
  }, 120_000);
  afterAll(async () => {
    delete process.env.SLURM_CONF;
    await cluster?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const node = (id: string, shell: string, more: Partial<JobNode> = {}): JobNode => ({
    id,
    run: { shell },
    critical: false,
    ...more,
    params: { cwd: { value: folder }, ...more.params },
  });
  const spawner = (): SlurmSpawner =>
    new SlurmSpawner({ poll: "200ms", spool: join(folder, "spool"), submitAttempts: 2, submitRetry: "200ms" });

  it("runs commands, tells their codes, and refuses what it has not got", async () => {
    await using engine = await openTestEngine({ commands: spawner() });
    const outcome = await engine
      .start(
        graphOf([
          node("good", 'echo "$TEXT"; echo careful >&2', {
            params: { "env.TEXT": { value: 'a "b" $HOME' } },
            options: { resources: { cpus: 2, memory: 32 }, timeout: "10m", tags: ["x"] },
          }),
          node("bad", "echo no such thing >&2; exit 3"),
          node("large", "true", { options: { resources: { cpus: 4_000 } } }),
        ]),
      )
      .outcome();
    expect(outcome).toMatchObject({ value: { good: { code: 0, stdout: 'a "b" $HOME\n' } } });
    const errors = engine.events.of("step-settled").flatMap(({ error }) => error?.message ?? []);
    expect(errors.sort()).toEqual([
      "The command of bad ended with code 3: no such thing",
      expect.stringMatching(/^The command of large could not be submitted: .*Batch job submission failed/s),
    ]);
    expect(engine.events.of("log").map(({ text }) => text)).toContain("careful");
  });

  it("ends a job that is cancelled", async () => {
    await using engine = await openTestEngine({ commands: spawner() });
    const run = engine.start(graphOf([node("long", "echo up; sleep 1000")]));
    await engine.events.until("log", ({ text }) => text === "up");
    run.cancel();
    expect(await run.outcome()).toMatchObject({ status: "aborted" });
    expect(cluster.jobs().at(0) ?? "").not.toContain("RUNNING");
  });

  it("is found again by the process that goes on with a run whose engine was killed", async () => {
    const project = await helloProject();
    try {
      const packageJson = JSON.parse(project.read("package.json")) as object;
      const commands = { use: "slurm", parameters: { poll: "200ms" } };
      project.write("package.json", JSON.stringify({ ...packageJson, millrace: { commands } }));
      const shell = "touch began; until [ -e go ]; do sleep 0.1; done; echo done";
      const nodes = [{ id: "long", run: { shell }, params: { cwd: { value: folder } } }];
      project.write("graph.json", JSON.stringify({ version: 1, name: "night", nodes, edges: [] }));
      await project.flow("build");
      const before = cluster.jobs().length;
      const first = project.start(["run", "graph.json", "--id", "night"], { env: cluster.env });
      while (!existsSync(join(folder, "began"))) await new Promise((resolve) => setImmediate(resolve));
      first.kill("SIGKILL");
      await first.done;
      writeFileSync(join(folder, "go"), "");
      const second = await project.start(["resume", "night", "--json"], { env: cluster.env }).done;
      expect(JSON.parse(second.stdout)).toMatchObject({ status: "succeeded", result: { long: { stdout: "done\n" } } });
      expect(cluster.jobs()).toHaveLength(before + 1);
    } finally {
      await project.remove();
    }
  });
});
