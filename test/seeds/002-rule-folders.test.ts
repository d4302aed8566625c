/** Rules as their ancestor keeps them: a folder for each, with files for its filter, its body and what they are. */
import type { TestProject } from "@millrace/testing";
import { loadRules, readJob } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobProject } from "./job-project.js";

const SLOW = { timeout: 120_000 };

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
});
afterAll(() => project.remove());

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) project.write(`${folder}/${file}`, text);
}

const CONST = (part: string): string => `${part}:\n type: Const\n file: ${part}.yaml\n`;

const CRAWL = {
  "job.yaml":
    "config: { name: crawl }\nvariables: { most: 3 }\ntokens: [{ b: d, ctr: 0, name: a }]\nunmatched: ignore\n",
  // As the ancestor's sample writes it.
  "bd1/conf.yaml": CONST("filter") + CONST("body"),
  "bd1/filter.yaml": "b: 'd'\nctr: 0",
  "bd1/body.yaml": `task: Probe
params: { name: "\${{ token.name }}", journal: crawl.log }
next: [{ token: { type: note, text: "\${{ result.name }}" } }]
`,
  "aaa/filter.yaml": "b: d",
  "aaa/body.yaml": "shell: echo aaa >> crawl.log\n",
  "_error/filter.yaml": "_error: true",
  "_error/body.yaml": "shell: echo error >> crawl.log\n",
};

test("1. a folder of folders is a rule set, in the order of their names", () => {
  write("crawl", CRAWL);
  const rules = loadRules(project.path("crawl"));
  expect(rules.name).toBe("crawl");
  const { rules: read, ...rest } = rules.toRuleSet();
  expect(rest).toMatchObject({ variables: { most: 3 }, tokens: [{ body: { b: "d", ctr: 0, name: "a" } }] });
  expect(read).toEqual([
    { name: "_error", filter: { _error: true }, run: { shell: "echo error >> crawl.log" } },
    { name: "aaa", filter: { b: "d" }, run: { shell: "echo aaa >> crawl.log" } },
    {
      name: "bd1",
      filter: { b: "d", ctr: 0 },
      run: { task: "Probe" },
      params: { name: { from: "token", path: "name" }, journal: { value: "crawl.log" } },
      next: [{ token: { fields: { type: { value: "note" }, text: { from: "result", path: "name" } } } }],
    },
  ]);
});

test("1. flow run runs it, flow graph draws it, and what goes on is told by name", SLOW, async () => {
  write("crawl", CRAWL);
  const ended = await project.flow("run", "crawl/", "--id", "crawl-1", "--json");
  expect([ended.code, ended.json()]).toMatchObject([0, { status: "succeeded", result: { firings: 2 } }]);
  expect(project.read("crawl.log").trim().split("\n").sort()).toEqual(["aaa", "run a"]);
  expect((await project.flow("graph", "./crawl")).stdout).toContain("bd1");
  const again = await project.flow("run", "crawl/", "-r");
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("No run of crawl is unfinished")]);
});

test("what is wrong is told in its file", SLOW, async () => {
  let folders = 0;
  const found = (files: Readonly<Record<string, string>>): readonly string[] => {
    const folder = `wrong-${folders++}`;
    write(folder, files);
    return readJob(project.path(folder)).diagnostics.map(
      ({ span, message }) => `${span.file.slice(folder.length + 1)}:${span.line}:${span.column} ${message}`,
    );
  };
  expect(found({ "a/filter.yaml": "x: 1" })).toEqual([
    expect.stringMatching(/^a\/body.yaml:1:1 There is no file .*a\/body.yaml, which holds the body of the rule/),
  ]);
  expect(found({ "job.yaml": "tokens: []" })).toEqual([expect.stringMatching(/^job.yaml:1:1 The folder has no rules/)]);
  expect(found({ "job.yaml": "rules: {}", "a/body.yaml": "task: Probe" })).toEqual([
    expect.stringMatching(/^job.yaml:1:1 The rules of this folder stand in folders of their own/),
  ]);
  expect(
    found({
      "a/conf.yaml":
        "filter: { type: Python, file: filter.yaml }\nbody: { type: Const, file: ../b/body.yaml, if_exc: repeat }\nthen: b",
      "a/filter.yaml": "x: 1",
      "a/body.yaml": "tsak: Probe\nfilter: { y: 1 }",
      "b/conf.yaml": "filter: { type: Const, file: nowhere.yaml }\n",
      "b/body.yaml": "- task: Probe",
    }),
  ).toEqual([
    expect.stringMatching(/^a\/conf.yaml:3:1 "then" is no field of a job/),
    expect.stringMatching(/^a\/conf.yaml:1:17 "filter.type" must be Const: code stands in rule classes and tasks/),
    expect.stringMatching(/^a\/conf.yaml:2:44 "body.if_exc" is said in the body here: on_error/),
    expect.stringMatching(/^a\/conf.yaml:2:28 "body.file" must be the name of a YAML file/),
    expect.stringMatching(/^a\/body.yaml:2:1 The filter of the rule stands in a file of its own, too/),
    expect.stringMatching(/^b\/conf.yaml:1:30 There is no file .*nowhere.yaml, which holds the filter/),
    expect.stringMatching(/^b\/body.yaml:1:1 This file must be a mapping, not a list/),
  ]);
  // Against the build, as in one file.
  write("misspelt", { "a/filter.yaml": "x: 1", "a/body.yaml": "task: Prob\nparams:\n  name: a" });
  const ended = await project.flow("run", "./misspelt");
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining("misspelt/a/body.yaml:1:7")]);
});

test("flow check takes a folder of rules for one job, and what stands beside it for others", SLOW, async () => {
  write("jobs/crawl", CRAWL);
  // Parts of others, and a job that is called like a part.
  write("jobs", { "_base.yaml": "no job", "body.yaml": "config: { name: body }\ntasks: { a: { shell: 'true' } }\n" });
  const good = await project.flow("check");
  expect([good.code, good.stderr]).toEqual([0, expect.stringMatching(/^checked in /)]);
  write("jobs/errors-only", { "_error/filter.yaml": "_error: true", "_error/body.yaml": "task: Prob" });
  write("jobs", { "body.yaml": "config: { name: body }\ntasks: { a: { task: Proeb } }\n" });
  const { code, stderr } = await project.flow("check");
  expect(code).toBe(3);
  expect(stderr.match(/^jobs\/\S+/gm)).toEqual(["jobs/body.yaml:2:21", "jobs/errors-only/_error/body.yaml:1:7"]);
});
