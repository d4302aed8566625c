/** Where `flow run` runs commands and containers: what package.json names. The cluster is a fake; the engine is killed while it works. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FakeContainers } from "../engine/containers/fake-containers.js";
import { FakeCluster } from "../engine/slurm/fake-cluster.js";
import { helloProject } from "./hello-project.js";

const SLOW = { timeout: 120_000 };

let project: TestProject;
let packageJson: Record<string, unknown>;
beforeAll(async () => {
  project = await helloProject();
  packageJson = JSON.parse(project.read("package.json")) as Record<string, unknown>;
  await project.flow("build");
});
afterAll(() => project.remove());

function configure(settings: object): void {
  const { millrace = {} } = packageJson;
  project.write("package.json", JSON.stringify({ ...packageJson, millrace: { ...(millrace as object), ...settings } }));
}

function write(nodes: readonly object[]): void {
  project.write("graph.json", JSON.stringify({ version: 1, name: "night", nodes, edges: [] }));
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a run whose process is killed, on a cluster (fake)", () => {
  let cluster: FakeCluster;
  beforeEach(() => {
    cluster = new FakeCluster();
    return () => cluster[Symbol.dispose]();
  });
  const has = (name: string): boolean => existsSync(join(cluster.folder, name));

  /** Kills the first life once `reached` holds, and has a second one bring the run to its end. */
  async function killed(id: string, reached: () => boolean, between: () => Promise<void> | void): Promise<unknown> {
    const parameters = { bin: cluster.folder, poll: "20ms", submitRetry: "20ms" };
    configure({ commands: { use: "slurm", parameters } });
    const shell = "echo began >> began; until [ -e go ]; do sleep 0.02; done; echo done";
    write([{ id: "long", run: { shell }, params: { cwd: { value: cluster.folder } } }]);
    const first = project.start(["run", "graph.json", "--id", id]);
    while (!reached()) await turn();
    first.kill("SIGKILL");
    await first.done;
    await between();
    cluster.go();
    const again = await project.flow("resume", id, "--json");
    return again.json();
  }

  const good = { status: "succeeded", result: { long: { code: 0, stdout: "done\n" } } };
  const begun = (): string => readFileSync(join(cluster.folder, "began"), "utf8");

  test("while its job runs: the job is found, and none is submitted beside it", SLOW, async () => {
    expect(
      await killed(
        "running",
        () => has("began"),
        () => {},
      ),
    ).toMatchObject(good);
    expect(cluster.jobs).toHaveLength(1);
    expect(begun()).toBe("began\n");
  });

  for (const [place, settings] of [
    ["the queue", {}],
    ["accounts without comments", { comments: false, forget: true }],
  ] as const) {
    test(`between the cluster's taking the job and its answer: it is found in ${place}`, SLOW, async () => {
      cluster.set({ hang: true });
      const outcome = await killed(
        `taken-${place.length}`,
        () => has("hangs"),
        () => {
          process.kill(Number(readFileSync(join(cluster.folder, "hangs"), "utf8")), "SIGKILL");
          cluster.set(settings);
        },
      );
      expect(outcome).toMatchObject(good);
      expect(cluster.jobs).toHaveLength(1);
    });
  }

  test("before its job ends, which nobody sees: its result is taken all the same", SLOW, async () => {
    const outcome = await killed(
      "unseen",
      () => has("began"),
      async () => {
        cluster.go();
        while (!has("1.exit")) await turn();
        cluster.set({ forget: true });
      },
    );
    expect(outcome).toMatchObject(good);
    expect(cluster.jobs).toHaveLength(1);
  });

  test(
    "and a run that is interrupted leaves its job with the cluster; one that is begun anew gets a new job",
    SLOW,
    async () => {
      configure({ commands: { use: "slurm", parameters: { bin: cluster.folder, poll: "20ms" } } });
      write([
        {
          id: "a",
          run: { shell: "touch began; until [ -e go ]; do sleep 0.02; done; exit 3" },
          params: { cwd: { value: cluster.folder } },
        },
      ]);
      const first = project.start(["run", "graph.json", "--id", "anew"]);
      while (!has("began")) await turn();
      first.kill("SIGINT");
      expect(await first.done).toMatchObject({ code: 130 });
      cluster.go();
      expect((await project.flow("resume", "anew", "--json")).json()).toMatchObject({ status: "failed" });
      expect(cluster.calls("scancel")).toEqual([]);
      expect(cluster.jobs).toHaveLength(1);
      // A failure that is tried again is no attempt that was lost.
      expect((await project.flow("resume", "anew", "--json")).json()).toMatchObject({ status: "failed" });
      expect(cluster.jobs).toHaveLength(2);
    },
  );
});

describe("places by configuration", () => {
  test("containers run by the client that is named, commands by the spawner of a module", SLOW, async () => {
    using fake = new FakeContainers("podman");
    project.write(
      "places/loud.mjs",
      "export default class Loud { constructor({ mark }) { this.mark = mark; } spawn({ command }) { return { code: 0, stdout: command.command.toUpperCase() + this.mark }; } }",
    );
    configure({
      commands: { use: "./places/loud.mjs", parameters: { mark: "!" } },
      containers: { use: "podman", parameters: { client: fake.client, args: ["--user", "1000"] } },
    });
    const cwd = { value: fake.folder };
    write([
      { id: "say", run: { shell: "hello" } },
      { id: "box", run: { container: "echo:1" }, params: { cwd, args: { value: ["a b"] } } },
    ]);
    const done = await project.flow("run", "graph.json", "--json");
    expect(done.json()).toMatchObject({
      status: "succeeded",
      result: { say: { stdout: "HELLO!" }, box: { stdout: "a b\n" } },
    });
    expect(fake.runs[0]?.slice(-4)).toEqual(["--user", "1000", "echo:1", "a b"]);
  });

  test("containers of Apptainer run where commands do: on the cluster that is named (fakes)", SLOW, async () => {
    using fake = new FakeContainers("singularity");
    using cluster = new FakeCluster();
    configure({
      commands: { use: "slurm", parameters: { bin: cluster.folder, poll: "20ms" } },
      containers: { use: "singularity", parameters: { client: fake.client, args: ["--nv"] } },
    });
    const tasks = [{ name: "box", cmd: 'echo "$A" in a box', container: "bash:5", env: { A: "$B" }, walltime: "1h" }];
    project.write("boxes.json", JSON.stringify(tasks));
    const done = await project.flow("project", "run", "boxes.json", "--json");
    expect(done.json()).toMatchObject({ status: "complete" });
    expect((await project.flow("project", "logs", "box")).stdout).toContain("$B in a box");
    expect(cluster.jobs).toHaveLength(1);
    expect(fake.calls[0]?.slice(-5)).toEqual(["--nv", "docker://bash:5", "bash", "-c", 'echo "$A" in a box']);
  });

  test("that are wrong are told by their place", SLOW, async () => {
    write([{ id: "say", run: { shell: "hello" } }]);
    project.write("places/none.mjs", "export const Place = 1;");
    project.write("places/other.mjs", "export default { run() {} };");
    project.write("places/broken.mjs", "throw new Error('no cluster today');");
    for (const [settings, message] of [
      [{ commands: { use: "slrum" } }, 'millrace.commands: there is no "slrum"'],
      [{ commands: { use: "slurm", parameters: { pol: 1 } } }, 'the parameters of "slurm" do not fit'],
      [{ commands: { use: "slurm", parameters: { poll: "soon" } } }, '"slurm" cannot be made'],
      [{ containers: { use: "./places/none.mjs" } }, "has no default export"],
      [{ containers: { use: "./places/other.mjs" } }, "is no spawner"],
      [{ commands: { use: "./places/broken.mjs" } }, "no cluster today"],
      [{ commands: "slurm" }, '"millrace.commands" must be an object such as'],
    ] as const) {
      configure(settings);
      await expect(openEngine({ cwd: project.path("") })).rejects.toMatchObject({
        code: typeof settings.commands === "string" ? "project-not-found" : "spawner-invalid",
        message: expect.stringContaining(message),
      });
    }
    configure({ commands: { use: "slrum" } });
    const { code, stderr } = await project.flow("run", "graph.json");
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean "slurm"?')]);
  });
});
