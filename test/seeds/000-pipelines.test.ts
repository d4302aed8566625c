/** The first ancestor's pipelines, and 18 whole: settings of a command, of a project's folder and of a pipeline, from the command line. */
import { chmodSync, rmSync, symlinkSync } from "node:fs";
import {
  buildTasks,
  choosePipeline,
  EMPTY_PROJECT,
  mergeProject,
  notePipeline,
  type Pipeline,
  projectGraph,
  pruneProject,
  readPipeline,
  readProject,
  readSettingsText,
  writeProject,
} from "@millrace/jobs";
import { createTestProject, type TestProject } from "@millrace/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

const MINUTE = 60_000;

let project: TestProject;

/** Writes a pipeline whose `bin` says its version. */
function pipeline(
  folder: string,
  { name = "align", version = "1.0.0", main = "main.yaml.liquid", more = "" } = {},
): void {
  project.write(`${folder}/pipeline.yaml`, `name: ${name}\nversion: ${version}\nmain: ${main}\n${more}`);
  project.write(`${folder}/bin/say-version`, `#!/bin/sh\necho ${version}\n`);
  chmodSync(project.path(`${folder}/bin/say-version`), 0o755);
}

const TEMPLATE = [
  "- name: align",
  "  cmd: echo {{ genome.name }} -t {{ threads }} $(say-version) $MILLRACE_PIPELINE $MILLRACE_PIPELINE_VERSION >> said; cd $MILLRACE_PIPELINE_PATH",
  "- name: report",
  "  cmd: say-version > report; test -e open",
  "  after: align",
  "",
].join("\n");

async function run(...args: readonly string[]) {
  return project.flow("project", "run", ...args);
}

describe("18. pipelines", () => {
  beforeEach(async () => {
    project = await createTestProject();
    return () => project.remove();
  });

  it("are found at any depth, run by name, and go on without being named", { timeout: 2 * MINUTE }, async () => {
    // Nor is a package.json needed.
    rmSync(project.path("package.json"));
    pipeline("pipelines/align/1.0", { more: "threads: 1\ngenome: { name: '38', files: [] }\n" });
    project.write("pipelines/align/1.0/main.yaml.liquid", TEMPLATE);
    expect(await run("--pipeline", "align")).toMatchObject({ code: 1 });
    expect(project.read("said")).toBe("38 -t 1 1.0.0 align 1.0.0\n");
    expect((await project.flow("tasks", "source:align", "--json")).json()).toMatchObject({
      tasks: [
        { name: "align", state: "complete" },
        { name: "report", state: "failed" },
      ],
    });
    project.write("open", "");
    expect(await run("--retry")).toMatchObject({ code: 0 });
    expect(project.read("report")).toBe("1.0.0\n");
  });

  it("of another version run nothing again but what has changed", { timeout: 2 * MINUTE }, async () => {
    project.write("open", "");
    for (const [version, tail] of [
      ["1.9.0", ""],
      ["1.10.0", ""],
      ["2.0.0-rc.1", "- { name: more, cmd: say-version > more, after: report }\n"],
    ] as const) {
      pipeline(`shared/${version}`, { version, more: "threads: 1\ngenome: { name: '38' }\n" });
      project.write(`shared/${version}/main.yaml.liquid`, TEMPLATE + tail);
    }
    const shared = ["--pipelines", "shared"];
    expect(await run("--pipeline", "align@1.9.0", ...shared)).toMatchObject({ code: 0 });
    const latest = await run("--pipeline", "align", ...shared);
    expect([latest.code, latest.stderr]).toEqual([0, expect.stringContaining("There is nothing to run.")]);
    expect(project.read(".flow/project.yaml")).toContain("version: 1.10.0");
    expect(await run("--pipeline", "align@dev", ...shared)).toMatchObject({ code: 0 });
    expect([project.read("said"), project.read("more")]).toEqual(["38 -t 1 1.9.0 align 1.9.0\n", "2.0.0-rc.1\n"]);
    expect((await project.flow("project", "pipelines", ...shared)).stdout).toMatch(
      /align {5}1\.10\.0 +latest .*\nalign {5}1\.9\.0 +\/.*\nalign {5}2\.0\.0-rc\.1 {2}dev /,
    );
    // A task that is to run needs the pipeline that it was made of.
    await project.flow("tasks", "more", "--reset");
    const lost = await run();
    expect([lost.code, lost.stderr]).toEqual([2, expect.stringContaining('There is no pipeline "align"')]);
  });

  it("have the lowest layer of settings: command > file > folder > pipeline", { timeout: 2 * MINUTE }, async () => {
    pipeline("pipelines/align", { more: "threads: 1\ngenome: { name: '38', build: p1 }\nlanes: [1, 2]\n" });
    project.write(
      "pipelines/align/main.yaml.liquid",
      "- { name: a, cmd: 'echo {{ threads }} {{ genome.name }} {{ genome.build }} {{ lanes | join }}' }",
    );
    const rendered = async (...args: readonly string[]) =>
      (await run("--pipeline", "align", "--render", ...args)).stdout.trim().slice(24, -3);
    expect(await rendered()).toBe("1 38 p1 1 2");
    project.write("settings.yaml", "threads: 2\ngenome: { build: p2 }\nlanes: [3]\n");
    expect(await rendered()).toBe("2 38 p2 3");
    project.write("more.json", '{ "threads": 3, "genome": { "name": "37" } }');
    expect(await rendered("--settings", "more.json")).toBe("3 37 p2 3");
    expect(await rendered("--settings", "more.json", "--set", "int:threads=4")).toBe("4 37 p2 3");
    project.write("settings.yaml", "threads: 2\n- x\n");
    const broken = await run("--pipeline", "align");
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringMatching(/settings\.yaml:2:1: .* is no YAML/)]);
  });

  it("run a task again whose script has changed, if its identity has the script", { timeout: 2 * MINUTE }, async () => {
    pipeline("pipelines/align", { more: "reads: data/reads.fq\n" });
    project.write("pipelines/align/scripts/count.sh", "wc -l < $1\n");
    project.write("data/reads.fq", "a\n");
    project.write(
      "pipelines/align/main.yaml.liquid",
      [
        "- name: count",
        "  cmd: sh $MILLRACE_PIPELINE_PATH/scripts/count.sh {{ reads }} >> counts",
        "  script: {{ 'scripts/count.sh' | file_sha256 }}",
        "  of: {{ reads | file_sha256 }}",
        "  identity: [cmd, script, of]",
      ].join("\n"),
    );
    const again = async () => {
      expect(await run("--pipeline", "align")).toMatchObject({ code: 0 });
      return project.read("counts").split("\n").length - 1;
    };
    expect([await again(), await again()]).toEqual([1, 1]);
    project.write("pipelines/align/scripts/count.sh", "wc -c < $1\n");
    expect(await again()).toBe(2);
    project.write("data/reads.fq", "a\nb\n");
    expect([await again(), await again()]).toEqual([3, 3]);
    symlinkSync("/", project.path("data/out"));
    for (const [reads, why] of [
      ["data/out/etc/hostname", /main\.yaml\.liquid:4:\d+: .*leads out of/],
      ["../x", /there is no file \.\.\/x in|leads out of/],
      ["data", /data cannot be read: EISDIR/],
    ] as const) {
      const refused = await run("--pipeline", "align", "--set", `reads=${reads}`);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(why)]);
    }
  });

  it("are looked for where the package.json says", { timeout: 2 * MINUTE }, async () => {
    pipeline("elsewhere/a", { name: "one", main: "one.yaml" });
    pipeline("pipelines/b", { name: "two" });
    const names = async () => {
      const { stdout } = await project.flow("project", "pipelines", "--json");
      return (JSON.parse(stdout) as { readonly pipelines: readonly { readonly name: string }[] }).pipelines.map(
        ({ name }) => name,
      );
    };
    expect(await names()).toEqual(["two"]);
    const settings = (pipelines: unknown) =>
      project.write("package.json", JSON.stringify({ type: "module", millrace: { pipelines } }));
    settings(["elsewhere", "pipelines"]);
    expect(await names()).toEqual(["one", "two"]);
    // Main need not be a template: what else the manifest has is for nobody then.
    project.write("elsewhere/a/one.yaml", "- { name: a, cmd: say-version > said }\n");
    expect(await run("--pipeline", "one")).toMatchObject({ code: 0 });
    expect(project.read("said")).toBe("1.0.0\n");
    settings("elsewhere");
    const refused = await run("--pipeline", "one");
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('"millrace.pipelines" must be a list of folders'),
    ]);
    settings(["nowhere"]);
    const lost = await run("--pipeline", "one");
    expect([lost.code, lost.stderr]).toEqual([2, expect.stringMatching(/nowhere cannot be searched for pipelines/)]);
  });

  it("that are not there, and what is none, are told by name and place", { timeout: 2 * MINUTE }, async () => {
    pipeline("pipelines/align", { version: "1.0.0-dev" });
    pipeline("pipelines/broken", { name: "call", version: "1.0" });
    for (const [wanted, why] of [
      [
        "aling",
        /There is no pipeline "aling"\..*pipelines\/broken\/pipeline\.yaml:2:1: version must be a version.*Did you mean "align"/s,
      ],
      ["align", /Of the pipeline "align" there is no release\..*Its versions are 1\.0\.0-dev/s],
      ["align@1.0", /there is no version "1\.0"/],
    ] as const) {
      const refused = await run("--pipeline", wanted);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(why)]);
    }
    const both = await run("main.yaml", "--pipeline", "align@dev");
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("exclude each other")]);
    const empty = await run("--pipeline", "align@dev");
    expect([empty.code, empty.stderr]).toEqual([
      2,
      expect.stringMatching(/main\.yaml\.liquid cannot be read\.\n.*align@1\.0\.0-dev has it as its `main`/s),
    ]);
    const nowhere = await run("--pipeline", "align", "--pipelines", "nowhere");
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining("nowhere cannot be searched")]);
    const { pipelines, broken } = (await project.flow("project", "pipelines", "--json")).json() as {
      readonly pipelines: readonly object[];
      readonly broken: readonly object[];
    };
    expect(pipelines).toEqual([
      { name: "align", version: "1.0.0-dev", main: "main.yaml.liquid", folder: project.path("pipelines/align") },
    ]);
    expect(broken).toMatchObject([{ file: "pipelines/broken/pipeline.yaml" }]);
  });
});

describe("18. manifests", () => {
  it.each([
    ["a list", "[]", /1:1: The document must be a mapping/],
    ["no name", "version: 1.0.0\nmain: x\n", /name is missing/],
    ["a name that is none", "name: a b\nversion: 1.0.0\nmain: x\n", /p\.yaml:1:1: name must be a name/],
    [
      "a number for a version",
      "name: a\nversion: 1.0\nmain: x\n",
      /p\.yaml:2:1: version must be a version.*"1\.2\.0", not 1/,
    ],
    [
      "a file elsewhere",
      "name: a\nversion: 1.0.0\nmain: ../x\n",
      /p\.yaml:3:1: main must be the path of a file in the folder/,
    ],
    ["what objects inherit", "name: a\nversion: 1.0.0\nmain: x\n__proto__: {}\n", /p\.yaml:4:1: /],
  ])("%s", (_, text, why) => {
    expect(() => readPipeline(text, "p.yaml")).toThrow(why);
  });

  it("keep every other member as a setting", () => {
    const text = 'name: a\nversion: "1.0.0"\nmain: x.yaml\nbin: { name: b }\nconstructorOf: 1\n';
    expect(readPipeline(text)).toEqual({
      name: "a",
      version: "1.0.0",
      main: "x.yaml",
      defaults: { bin: { name: "b" }, constructorOf: 1 },
    });
    expect(readSettingsText("")).toEqual({});
    expect(() => readSettingsText("- 1\n", "s.yaml")).toThrow(
      /s\.yaml:1:1: The document must be a mapping of settings/,
    );
  });
});

describe("18. what a source was made of", () => {
  const tasks = [{ name: "a", cmd: "x" }];
  const made = (version: string, source = "p") => ({ name: source, version });

  it("is noted, changes no task, and is gone with the last task of the source", () => {
    const merged = mergeProject(EMPTY_PROJECT, buildTasks(tasks), "p");
    const one = notePipeline(merged, "p", made("1.0.0"));
    expect(one).toEqual({ ...merged, pipelines: [{ source: "p", name: "p", version: "1.0.0" }] });
    expect(notePipeline(mergeProject(one, buildTasks(tasks), "p"), "p", made("1.1.0"))).toEqual({
      ...one,
      pipelines: [{ source: "p", name: "p", version: "1.1.0" }],
    });
    expect(notePipeline(one, "p")).toEqual(merged);
    expect(readProject(writeProject(one))).toEqual({ project: one, warnings: [] });
    const both = notePipeline(mergeProject(one, buildTasks([{ name: "b" }]), "q"), "q", made("2.0.0", "q"));
    const orphaned = mergeProject(both, { tasks: [] }, "p");
    expect(orphaned.pipelines).toHaveLength(2);
    expect(pruneProject(orphaned).pipelines).toEqual([{ source: "q", name: "q", version: "2.0.0" }]);
    expect(() => readProject(writeProject(one).replace("version: 1.0.0", "version: 1"), "p.yaml")).toThrow(
      /p\.yaml:\d+:\d+: graph\.pipelines\[0\]\.version must be a text/,
    );
  });

  it("gives its variables to nodes; those of a task go before, and identities know nothing of them", () => {
    const given = [...tasks, { name: "b", cmd: "y", env: { A: "own", C: 1 } }];
    const project = mergeProject(EMPTY_PROJECT, buildTasks(given), "p");
    const { graph } = projectGraph(project, { env: () => ({ A: "of the pipeline", B: "b" }) });
    expect(graph?.nodes.map(({ params }) => params?.env)).toEqual([
      { value: { A: "of the pipeline", B: "b" } },
      { value: { A: "own", B: "b", C: 1 } },
    ]);
    expect(mergeProject(project, buildTasks(given), "p")).toEqual(project);
  });
});

describe("18. versions", () => {
  const named = (version: string): Pipeline => ({ name: "p", version, main: "x", defaults: {} });

  it("are ordered as semantic versions are, whatever the order in which they are found", () => {
    // In the order of the specification, oldest first.
    const versions = ["0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11"]
      .concat(["1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0-0"])
      .map(named);
    fc.assert(
      fc.property(fc.shuffledSubarray(versions, { minLength: 1 }), (some) => {
        const newest = (of: readonly Pipeline[]) => versions.findLast((one) => of.includes(one));
        const releases = some.filter(({ version }) => !version.includes("-"));
        const others = some.filter(({ version }) => version.includes("-"));
        if (releases.length > 0) expect(choosePipeline(some, "p")).toBe(newest(releases));
        else expect(() => choosePipeline(some, "p@latest")).toThrow("no release");
        if (others.length > 0) expect(choosePipeline(some, "p@dev")).toBe(newest(others));
        for (const one of some) expect(choosePipeline(some, `p@${one.version}`)).toBe(one);
      }),
      { seed: 18 },
    );
  });

  it("of one name and version in two places mean the first", () => {
    const [first, second] = [named("1.0.0"), named("1.0.0")];
    expect(choosePipeline([first, second], "p")).toBe(first);
    expect(() => choosePipeline([first], "p@constructor")).toThrow('no version "constructor"');
  });
});
