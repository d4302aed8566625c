/** Commands and containers in job files: they run as those of job graphs do, and what is wrong is told before anything starts, at its place. */
import { existsSync } from "node:fs";
import type { TestProject } from "@millrace/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { FakeContainers } from "../engine/containers/fake-containers.js";
import { jobProject } from "./job-project.js";

const SLOW = { timeout: 120_000 };

let project: TestProject;
let packageJson: Record<string, unknown>;
let fake: FakeContainers;
beforeAll(async () => {
  project = await jobProject();
  packageJson = JSON.parse(project.read("package.json")) as Record<string, unknown>;
});
afterAll(() => project.remove());
beforeEach(() => {
  fake = new FakeContainers("podman");
});
afterEach(() => fake[Symbol.dispose]());

/** What stands at the places of findings: `3:12 message`. */
async function findings(yaml: string): Promise<readonly string[]> {
  project.write("jobs/wrong.yaml", yaml);
  const ended = await project.flow("check", "--json");
  expect(ended.code).toBe(3);
  const { diagnostics } = ended.json<{
    diagnostics: readonly { message: string; span: { file: string; line: number; column: number } }[];
  }>();
  return diagnostics
    .filter(({ span }) => span.file === "jobs/wrong.yaml")
    .map(({ message, span }) => `${span.line}:${span.column} ${message}`);
}

test("a result reaches a command by its environment, whatever is in it, and comes back whole", SLOW, async () => {
  const odd = `it's "$HOME" \`rm -rf x\`; \${y}`;
  project.write(
    "odd.yaml",
    `tasks:
  say: { task: Echo, parameters: { text: '${odd.replaceAll("'", "''")}', flag: true } }
  copy:
    shell: printf '%s' "$TEXT"; echo "$TIMES" >> "$LOG"
    parameters:
      env: { TEXT: "\${{ tasks.say.result }}", TIMES: 3, LOG: log.txt }
    max_attempts: 2
    timeout: 1m
  back: { task: Echo, parameters: { text: "\${{ tasks.copy.result.stdout }}", times: "\${{ tasks.copy.result.code }}" } }
`,
  );
  const ended = await project.flow("run", "odd.yaml", "--json");
  expect([ended.code, ended.json()]).toMatchObject([0, { status: "succeeded" }]);
  const said = JSON.stringify({ text: odd, times: 1, flag: true });
  // The result of a job is that of its last tasks.
  expect(ended.json()).toMatchObject({ result: { back: JSON.stringify({ text: said, times: 0 }) } });
  expect(project.read("log.txt")).toBe("3\n");
});

test("a command that fails can be gone on with: what succeeded is not run again", SLOW, async () => {
  project.write(
    "again.yaml",
    `tasks:
  first: { shell: echo first >> journal }
  second: { shell: "echo second >> journal; test -e gate", after: first }
`,
  );
  expect((await project.flow("run", "again.yaml")).code).toBe(1);
  project.write("gate", "");
  expect((await project.flow("run", "again.yaml", "-r")).code).toBe(0);
  expect(project.read("journal")).toBe("first\nsecond\nsecond\n");
});

test("a container gets its arguments one by one", SLOW, async () => {
  const containers = { use: "podman", parameters: { client: fake.client } };
  project.write("package.json", JSON.stringify({ ...packageJson, millrace: { containers } }));
  project.write(
    "box.yaml",
    `tasks:
  name: { shell: "printf '%s' 'a b; c'" }
  box:
    container: echo:$VAR{tag:1}
    parameters: { cwd: ${fake.folder}, args: ["-m", "\${{ tasks.name.result.stdout }}", 7] }
`,
  );
  const ended = await project.flow("run", "box.yaml", "--json");
  project.write("package.json", JSON.stringify(packageJson));
  expect(ended.json()).toMatchObject({ status: "succeeded", result: { box: { stdout: "-m\na b; c\n7\n" } } });
  expect(fake.runs[0]?.slice(-4)).toEqual(["echo:1", "-m", "a b; c", "7"]);
});

test("rules run commands, too", SLOW, async () => {
  project.write(
    "crawl.yaml",
    `rules:
  count:
    filter: { type: go }
    shell: printf '%s' "$((N + 1))"
    parameters: { env: { N: "\${{ token.n }}" } }
    next: [{ token: { type: over, n: "\${{ result.stdout }}" } }]
tokens: [{ type: go, n: 4 }]
unmatched: ignore
`,
  );
  const ended = await project.flow("run", "crawl.yaml", "--json");
  expect([ended.code, ended.json()]).toEqual([0, expect.objectContaining({ status: "succeeded" })]);
});

test("what is wrong is told at its place, before anything starts", SLOW, async () => {
  const wrong = `tasks:
  a:
    shell: touch ran-a
    parameters: { cwd: 3, evn: { X: 1 }, env: { MY-VAR: 1, NOTHING: null } }
    options: { isolate: true }
  b:
    shell: echo \${{ tasks.a.result.stdout }}
  c:
    task: Echo
    parameters: { text: "\${{ tasks.a.result.stdot }}", times: "\${{ tasks.a.result.stdout }}" }
  d:
    shell: ls
    container: alpine
  e:
    container: alpine
    parameters: { args: ls }
  f:
    shel: ls
`;
  const found = await findings(wrong);
  expect(found).toEqual([
    expect.stringMatching(/^4:19 "tasks.a.parameters.cwd" cannot be used: /),
    expect.stringMatching(/^4:27 "tasks.a.parameters.evn" is no parameter of a command. Did you mean "env"/),
    expect.stringMatching(/^4:42 "tasks.a.parameters.env" sets "MY-VAR", which is no name of a variable/),
    expect.stringMatching(/^4:60 "tasks.a.parameters.env" cannot be used: /),
    expect.stringMatching(/^5:16 "tasks.a.options.isolate" has no meaning here/),
    expect.stringMatching(/^7:12 "tasks.b.shell" takes a result in its text/),
    expect.stringMatching(/^10:19 .*takes tasks.a.result.stdot, and there is no "stdot" in it/),
    expect.stringMatching(/^10:56 .*takes tasks.a.result.stdout, which is string; it has to be number/),
    expect.stringMatching(/^13:5 "tasks.d" names a shell and a container, and can run one of them/),
    expect.stringMatching(/^16:19 "tasks.e.parameters.args" cannot be used: /),
    expect.stringMatching(/^18:5 "tasks.f.shel" is no field of a job/),
  ]);
  expect((await project.flow("run", "jobs/wrong.yaml")).code).toBe(2);
  expect(existsSync(project.path("ran-a"))).toBe(false);
  project.write("jobs/wrong.yaml", "tasks: { a: { shell: 'true' } }\n");
});

test("a secret is refused, since a command would show it", SLOW, async () => {
  const found = await findings(
    "tasks:\n  a:\n    shell: login\n    parameters: { env: { TOKEN: { secret: { env: HOME } } } }\n",
  );
  expect(found).toEqual([expect.stringMatching(/^4:19 "tasks.a.parameters.env" holds a secret/)]);
});
