/** Checkpointers, and who watches, as job files name them: runs go over what the file says, also when they go on without the file being named. */
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobProject } from "./job-project.js";

const SLOW = { timeout: 120_000 };

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
  project.write(
    "extensions/database.mjs",
    `import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
export class Database {
  constructor({ file }) { this.file = new URL("../" + file, import.meta.url); }
  write(name, text) { this.#note("write"); writeFileSync(this.file, text); }
  read(name) { return existsSync(this.file) ? readFileSync(this.file, "utf8") : undefined; }
  clear(name) { this.#note("clear " + name); rmSync(this.file, { force: true }); }
  #note(what) { appendFileSync(new URL("../database.log", import.meta.url), what + "\\n"); }
}
export class Forgetful { write() {} read() {} }
export class Witness {
  constructor({ file }) { this.file = new URL("../" + file, import.meta.url); }
  write({ name, message }) { appendFileSync(this.file, name + ": " + message + "\\n"); }
  onRestart() { appendFileSync(this.file, "goes on\\n"); }
}
`,
  );
});
afterAll(() => project.remove());

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const lines = (file: string): readonly string[] =>
  existsSync(project.path(file)) ? readFileSync(project.path(file), "utf8").trim().split("\n") : [];

type Runs = readonly { id: string; flow: string; state: string; owner?: { pid: number } }[];
const runs = async (): Promise<Runs> => (await project.flow("runs", "--json")).json<Runs>();

describe("a job with a checkpointer", () => {
  const yaml = (name: string, more = ""): string => `config: { name: ${name} }
checkpointer:
  checkpointer: Database
  parameters: { file: ${name}.text }
tasks:
  done: { task: Probe, parameters: { name: done, journal: ${name}.log } }
  fails: { task: Probe, parameters: { name: fails, journal: ${name}.log, needs: ${name}.gate }, after: done }
  behind: { task: Probe, parameters: { name: behind, journal: ${name}.log }, after: fails }
${more}`;

  test("7. 16. runs over it alone: -r goes on from it, and what succeeded is cleared", SLOW, async () => {
    project.write("kept.yaml", yaml("kept"));
    const first = await project.flow("run", "kept.yaml", "-r", "--id", "kept-1");
    expect([first.code, first.stderr]).toEqual([1, expect.stringContaining("No run of kept is unfinished")]);
    expect(readFileSync(project.path("kept.text"), "utf8")).toContain('"kept-1"');
    // Whoever looks finds it, and no other store has it.
    expect(await runs()).toMatchObject([{ id: "kept-1", flow: "kept", state: "failed" }]);
    const shown = (await project.flow("show", "kept-1", "--json")).json<{ steps: { node: string; state: string }[] }>();
    expect(shown.steps.map(({ node, state }) => `${node} ${state}`)).toContain("fails failed");
    const logs = await project.flow("logs", "kept-1");
    expect([logs.code, logs.stdout]).toEqual([0, expect.stringContaining("kept.gate is missing")]);

    project.write("kept.gate", "");
    const second = await project.flow("run", "kept.yaml", "-r", "--json");
    expect(second.json()).toMatchObject({ runId: "kept-1", status: "succeeded", steps: { total: 3, restored: 1 } });
    expect(lines("kept.log")).toEqual(["run done", "run fails", "restart fails", "run fails", "run behind"]);
    expect(lines("database.log").at(-1)).toBe("clear kept");
    expect(existsSync(project.path("kept.text"))).toBe(false);
    expect(await runs()).toEqual([]);
  });

  test(
    "8. killed in the middle, it goes on by the id of its run; meanwhile others see it and cannot touch it",
    SLOW,
    async () => {
      project.write(
        "killed.yaml",
        `config: { name: killed }
checkpointer: { checkpointer: FileCheckpointer, parameters: { checkpoint_dir: "$VAR{dir}" } }
tasks:
  first: { task: Probe, parameters: { name: first, journal: killed.log } }
  waits: { shell: "touch killed.began; until [ -e killed.gate ]; do sleep 0.02; done", after: first }
`,
      );
      const life = project.start(["run", "killed.yaml", "--id", "killed-1", "--var", "dir=checkpoints"]);
      while (!existsSync(project.path("killed.began"))) await turn();
      const [run] = await runs();
      expect(run).toMatchObject({ id: "killed-1", state: "running", owner: { pid: life.pid } });
      const refused = await project.flow("cancel", "killed-1");
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`in use by process ${life.pid}`)]);
      life.kill("SIGKILL");
      await life.done;
      expect(readdirSync(project.path("checkpoints"))).toHaveLength(1);
      project.write("killed.gate", "");
      const again = await project.flow("resume", "killed-1", "--json");
      expect(again.json()).toMatchObject({ status: "succeeded", steps: { total: 2, restored: 1 } });
      expect(lines("killed.log")).toEqual(["run first"]);
      expect(readdirSync(project.path("checkpoints"))).toEqual([]);
    },
  );

  test("a run that nobody has is cancelled and deleted where it is kept", SLOW, async () => {
    project.write("gone.yaml", yaml("gone"));
    for (const id of ["gone-1", "gone-2"]) expect((await project.flow("run", "gone.yaml", "--id", id)).code).toBe(1);
    expect((await project.flow("rm", "gone-1")).code).toBe(0);
    expect((await runs()).map(({ id }) => id)).toEqual(["gone-2"]);
    expect((await project.flow("rm", "gone-2")).code).toBe(0);
    expect(existsSync(project.path("gone.text"))).toBe(false);
  });

  test("flow gc leaves the builds that its runs need, and deletes none if it cannot look", SLOW, async () => {
    project.write("builds.yaml", yaml("builds"));
    expect((await project.flow("run", "builds.yaml", "--id", "builds-1")).code).toBe(1);
    const needed = readdirSync(project.path(".flow/build"));
    project.write("src/more.ts", project.read("src/mytasks.ts").replaceAll("export class ", "export class More"));
    expect((await project.flow("build")).code).toBe(0);
    const past = Date.now() / 1000 - 3_601;
    for (const build of needed) utimesSync(project.path(`.flow/build/${build}`), past, past);
    const dry = await project.flow("gc", "--dry-run", "--json");
    expect(dry.json()).toMatchObject({ builds: [] });
    rmSync(project.path("builds.yaml"));
    const blind = await project.flow("gc", "--json");
    expect([blind.code, blind.stderr]).toEqual([2, expect.stringContaining("builds.yaml cannot be read any more")]);
    expect((await project.flow("runs")).stderr).toContain("builds.yaml cannot be read any more");
    project.write("builds.yaml", yaml("builds"));
    await project.flow("rm", "builds-1");
    rmSync(project.path("src/more.ts"));
  });

  test("what is wrong with it is told with its line, also where only the module can tell", SLOW, async () => {
    const refused: readonly (readonly [string, string, string])[] = [
      ["{ checkpointer: Databse, parameters: { file: x } }", "wrong.yaml:1:31", 'there is no "Databse"'],
      ["{ checkpointer: Forgetful }", "wrong.yaml:1:31", "methods write, read and clear"],
      ["[{ checkpointer: Database }, { checkpointer: FileCheckpointer }]", "wrong.yaml:1:15", "runs have one home"],
      ["{ checkpointer: FileCheckpointer, parameters: { dri: x } }", "wrong.yaml:1:63", "dri"],
      ["{ parameters: { dir: x } }", "wrong.yaml:1:15", 'lacks "checkpointer"'],
    ];
    for (const [text, place, message] of refused) {
      project.write("wrong.yaml", `checkpointer: ${text}\ntasks: { a: { task: Cleanup } }\n`);
      const { code, stderr } = await project.flow("run", "wrong.yaml");
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stderr).toContain(place);
    }
    project.write("wrong.yaml", "tasks: { a: { task: Cleanup } }\nloggers: { a: { logger: Witnes } }\n");
    expect((await project.flow("run", "wrong.yaml")).stderr).toContain("wrong.yaml:2:25");
    project.write("wrong.yaml", "tasks: { a: { task: Cleanup } }\n");
    await project.flow("run", "wrong.yaml");
  });
});

describe("flow resume", () => {
  test("has who watches by the file, with the variables of then", SLOW, async () => {
    const yaml = `config: { name: watched }
loggers: { mine: { logger: Witness, parameters: { file: "$VAR{told}" } } }
tasks: { fails: { task: Probe, parameters: { name: fails, needs: watched.gate } } }
`;
    project.write("watched.yaml", yaml);
    const begun = await project.flow("run", "watched.yaml", "--id", "watched-1", "--var", "told=told.log");
    expect(begun.code).toBe(1);
    rmSync(project.path("told.log"));
    expect((await project.flow("resume", "watched-1")).code).toBe(1);
    expect(lines("told.log")[0]).toBe("goes on");

    // The run keeps its job, and says so.
    project.write("watched.yaml", yaml.replace("name: fails,", "name: other,"));
    const changed = await project.flow("resume", "watched-1");
    expect(changed.stderr).toContain("watched.yaml says something else than when run watched-1 began");
    project.write("watched.yaml", yaml);
    expect((await project.flow("resume", "watched-1")).stderr).not.toContain("something else");

    rmSync(project.path("watched.yaml"));
    project.write("watched.gate", "");
    const told = lines("told.log").length;
    const orphaned = await project.flow("resume", "watched-1");
    expect([orphaned.code, orphaned.stderr]).toEqual([
      0,
      expect.stringContaining("watched.yaml cannot be read any more"),
    ]);
    expect(lines("told.log")).toHaveLength(told);
  });
});

describe("package.json", () => {
  test("16. can name a checkpointer for all runs of the project", SLOW, async () => {
    await using other = await project.copy();
    rmSync(other.path(".flow/state.db"), { force: true });
    rmSync(other.path(".flow/checkpoints"), { force: true, recursive: true });
    const packageJson = JSON.parse(other.read("package.json")) as object;
    const configure = (checkpointer: unknown): void =>
      other.write("package.json", JSON.stringify({ ...packageJson, millrace: { checkpointer } }));
    configure({ checkpointer: "Database", parameters: { file: "all.text" } });
    other.write("job.yaml", "tasks: { fails: { task: Probe, parameters: { name: fails, needs: all.gate } } }\n");
    expect((await other.flow("run", "job.yaml", "--id", "all-1")).code).toBe(1);
    expect(existsSync(other.path(".flow/state.db"))).toBe(false);
    expect((await other.flow("show", "all-1")).stdout).toContain("failed");
    other.write("all.gate", "");
    expect((await other.flow("resume", "all-1")).code).toBe(0);
    expect(existsSync(other.path("all.text"))).toBe(false);
    configure([{ checkpointer: "Database" }, { checkpointer: "FileCheckpointer" }]);
    const two = await other.flow("run", "job.yaml");
    expect([two.code, two.stderr]).toEqual([2, expect.stringContaining('"millrace.checkpointer" must be an object')]);
  });
});
