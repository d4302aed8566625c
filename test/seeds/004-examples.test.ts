/**
 * The examples of the README that YAML jobs come from, ported as they stand: tasks and jobs with the same names, in the same order, with the
 * same texts. Its tasks are project/src/mytasks.ts, its job project/job.yaml. Where the README contradicts itself, the test says how.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type Checkpointer,
  type Engine,
  type LogEnd,
  type Logger,
  type LogSource,
  type LogWrite,
  logger,
  openEngine,
  storeFromCheckpointer,
} from "@millrace/runtime";
import { EventLog, type TestProject } from "@millrace/testing";
import { loadJob, readJob } from "millrace/jobs";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { webServer } from "../observers/web-server.js";
import { jobProject, printed } from "./job-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
});
afterAll(() => project.remove());
afterEach(() => void vi.unstubAllEnvs());

const SAID = [
  "succeed-task-a Starting up and sleeping for 5 seconds!",
  "succeed-task-b Success!",
  "succeed-task-a Done!",
  ...Array(3).fill("final-fail-task Printing `my_var` value: Hello from: My First Task!!"),
];
/** The first two run beside each other. */
const inOrder = (lines: readonly string[]): readonly string[] => [...lines.slice(0, 3)].sort().concat(lines.slice(3));

test("main.py -j ./path/to/job.yaml: the driver ends with an error of its own, after all that the tasks print", async () => {
  project.write(
    "main.mjs",
    `import { openEngine } from "millrace/engine";
import { loadJob } from "millrace/jobs";

const engine = await openEngine();
const { status } = await engine.start(loadJob(process.argv[3])).outcome();
await engine.close();
if (status !== "succeeded") throw new Error("Flowmancer job has failed!");
`,
  );
  const { code, stderr } = await project.node([project.path("main.mjs"), "-j", "./job.yaml"]).done;
  expect(code).toBe(1);
  expect(stderr).toContain("Error: Flowmancer job has failed!");
});

test("the job prints what its tasks say, and what fails is caught", async () => {
  const { code, stderr } = await project.flow("run", "job.yaml");
  expect(code).toBe(1);
  expect(inOrder(printed(stderr))).toEqual(inOrder(SAID));
  expect(stderr).toContain("Let this be caught by Flowmancer");
});

test("main.py -j ./path/to/job.yaml -r: from the point of failure, with what was shared before", async () => {
  const { code, stderr } = await project.flow("run", "job.yaml", "-r");
  expect(code).toBe(1);
  const [notice, ...said] = printed(stderr);
  expect(notice).toMatch(/^my-flowmancer-job goes on with run /);
  expect(said).toEqual(SAID.slice(3));
});

test("most-important-job: configuration", () => {
  project.write(
    "important.yaml",
    `config:
  name: 'most-important-job'
  max_concurrency: 20
  extension_directories:
    - ./client_implementations
    - /opt/flowmancer/tasks
  extension_packages:
    - internal_flowmancer_package
tasks:
  b:
    task: ImmediatelySucceed
`,
  );
  const { document, watchers, diagnostics } = readJob(project.path("important.yaml"), { root: project.root });
  expect(diagnostics).toEqual([]);
  expect(document).toMatchObject({ graph: { name: "most-important-job", window: 20 } });
  expect(watchers).toMatchObject({
    directories: ["./client_implementations", "/opt/flowmancer/tasks"],
    packages: ["internal_flowmancer_package"],
  });
});

const COMPLETE = `config:
  name: complete-job

# As with most paths in Job Definition, paths to \`include\` YAML files are relative to \`.py\` file where the \`.start()\`
# method for Flowmancer is invoked.
include:
  - ./jobdefs/template.yaml
  - ./jobdefs/cleanup_addon.yaml

tasks:
  do-something:
    task: Do Something
    parameters:
      added_optional_param: 99
`;

test("complete.yaml, as it is printed: a misspelt task and a path of the program's folder are told with their places", async () => {
  project.write("complete.yaml", COMPLETE);
  const misspelt = await project.flow("run", "complete.yaml");
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toContain("complete.yaml:12:11 error job-invalid\n");
  expect(misspelt.stderr).toContain("Do Something");
  // There, paths are those of the program, wherever the file lies; here they are those of the file.
  project.write("jobdefs/printed.yaml", "include:\n  - ./jobdefs/template.yaml\n");
  const { diagnostics } = readJob(project.path("jobdefs/printed.yaml"), { root: project.root });
  expect(diagnostics.map(({ span, message }) => `${span.line}:${span.column} ${message}`)).toEqual([
    "2:5 There is no file jobdefs/jobdefs/template.yaml that could be read.",
  ]);
});

test("complete.yaml, with the task by its name: what is printed for it, and the task of the addon, which the README leaves out", async () => {
  project.write("complete.yaml", COMPLETE.replace("Do Something", "DoSomething"));
  const { document } = readJob(project.path("complete.yaml"), { root: project.root });
  expect(document).toMatchObject({ graph: { name: "complete-job" } });
  const nodes = document && "graph" in document ? document.graph.nodes : [];
  expect(nodes).toEqual([
    {
      id: "do-something",
      run: { task: "DoSomething" },
      params: {
        some_required_param: { value: "I am a required string parameter" },
        added_optional_param: { value: 99 },
      },
    },
    { id: "cleanup", run: { task: "Cleanup" } },
  ]);
});

test("download-file-one: parameters in parameters, some of them left out", async () => {
  project.write(
    "download.yaml",
    `tasks:
  download-file-one:
    task: DownloadDataFromRestApi
    parameters:
      api_details:
        # We leave out \`protocol\` because we want to just use the default \`HTTPS\` value.
        base_url: www.some_data_api.com
        endpoint: /v1/data/weather/today
      target_dir: /data/todays_weather
      # Override the default \`target_filename\` value given in the class implementation.
      target_filename: weather.json
`,
  );
  const { code, stdout } = await project.flow("run", "download.yaml");
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { "download-file-one": "https://www.some_data_api.com/v1/data/weather/today > /data/todays_weather/weather.json" },
  ]);
});

test("my-file-logger: the default logger in another folder, by the README's names for its parameters", async () => {
  project.write(
    "logged.yaml",
    `loggers:
  my-file-logger:
    logger: FileLogger
    parameters:
      # NOTE: this path is relative to the \`.py\` file where \`Flowmancer().start()\` is invoked.
      base_log_dir: ./my_custom_log_dir  # ./logs is the default, if omitted.
      retention_days: 3  # 10 is the default, if omitted.
tasks:
  succeed-task-b:
    task: ImmediatelySucceed
`,
  );
  expect((await project.flow("run", "logged.yaml", "--id", "logged")).code).toBe(0);
  const [folder = "", ...others] = readdirSync(project.path("my_custom_log_dir"));
  expect(others).toEqual([]);
  const said = readdirSync(project.path("my_custom_log_dir", folder)).map((file) =>
    project.read(join("my_custom_log_dir", folder, file)),
  );
  expect(said.join("").match(/"text":"Success!"/g)).toHaveLength(1);
  expect((await project.flow("logs", "logged")).stdout).toContain("Success!");
});

test("SlackMessageLogger: its posts, with the texts of the README", async () => {
  const posted: string[] = [];
  class SlackMessageLogger implements Logger {
    #postToSlack(msg: string): void {
      posted.push(msg);
    }
    start({ name }: LogSource): void {
      this.#postToSlack(`[${name}] START: Logging is beginning`);
    }
    end({ name }: LogEnd): void {
      this.#postToSlack(`[${name}] END: Logging is ending`);
    }
    async write({ name, severity, message }: LogWrite): Promise<void> {
      this.#postToSlack(`[${name}] ${severity.toUpperCase()}: ${message}`);
    }
  }
  await using engine = await openEngine({ cwd: project.root, observers: [logger(new SlackMessageLogger())] });
  project.write("slack.yaml", "tasks:\n  succeed-task-b:\n    task: ImmediatelySucceed\n");
  await engine.start(loadJob(project.path("slack.yaml"))).result();
  await engine.close();
  expect(posted.filter((text) => text.startsWith("[succeed-task-b]"))).toEqual([
    "[succeed-task-b] START: Logging is beginning",
    "[succeed-task-b] INFO: Success!",
    "[succeed-task-b] END: Logging is ending",
  ]);
});

test("`loggers:` with the default logger and the custom one", async () => {
  const server = await webServer((response) => response.end());
  project.write(
    "loggers/slack.mjs",
    `export class SlackMessageLogger {
  constructor({ webhook }) {
    this.webhook = webhook;
  }
  #postToSlack(msg) {
    return fetch(this.webhook, {
      method: "POST",
      body: JSON.stringify({ text: "title", attachments: [{ text: msg }] }),
      headers: { "Content-Type": "application/json" },
    });
  }
  async start({ name }) {
    await this.#postToSlack(\`[\${name}] START: Logging is beginning\`);
  }
  async end({ name }) {
    await this.#postToSlack(\`[\${name}] END: Logging is ending\`);
  }
  async write({ name, severity, message }) {
    await this.#postToSlack(\`[\${name}] \${severity.toUpperCase()}: \${message}\`);
  }
}
`,
  );
  project.write(
    "both.yaml",
    `loggers:
  # Load the default logger with default parameters
  default-logger:
    logger: FileLogger

  # Custom logger implementation
  slack-logger:
    logger: SlackMessageLogger
    parameters:
      webhook: ${server.url}
tasks:
  succeed-task-b:
    task: ImmediatelySucceed
`,
  );
  expect((await project.flow("run", "both.yaml", "--id", "both")).code).toBe(0);
  const posts = server.sent.map(
    ({ body }) => (JSON.parse(body) as { attachments: { text: string }[] }).attachments[0]?.text,
  );
  expect(posts.filter((text) => text?.startsWith("[succeed-task-b]"))).toEqual([
    "[succeed-task-b] START: Logging is beginning",
    "[succeed-task-b] INFO: Success!",
    "[succeed-task-b] END: Logging is ending",
  ]);
  expect((await project.flow("logs", "both")).stdout).toContain("Success!");
});

interface Connection {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** Its database is a map. The README has `clear_checkpoints` in its text and `clear_checkpoint` in its example; here it is `clear`. */
class DatabaseCheckpointer implements Checkpointer {
  readonly rows = new Map<string, string>();
  constructor(readonly connection: Connection) {}
  async write(name: string, content: string): Promise<void> {
    this.rows.set(name, content);
  }
  async read(name: string): Promise<string | undefined> {
    return this.rows.get(name);
  }
  async clear(name: string): Promise<void> {
    this.rows.delete(name);
  }
}

test("DatabaseCheckpointer: a failed job is recalled from what it wrote; one that succeeds is cleared", async () => {
  vi.stubEnv("SECOND_MS", "1");
  const checkpointer = new DatabaseCheckpointer({ host: "something", port: 9999, username: "user", password: "1234" });
  const job = loadJob(project.path("job.yaml"));
  const life = async <R>(drive: (engine: Engine) => Promise<R>, log = new EventLog()): Promise<R> => {
    const store = await storeFromCheckpointer(checkpointer, { name: "my-flowmancer-job" });
    const engine = await openEngine({ cwd: project.root, store, observers: [log] });
    try {
      return await drive(engine);
    } finally {
      await engine.close();
      await store.close();
    }
  };
  expect((await life((engine) => engine.start(job, { id: "one" }).outcome())).status).toBe("failed");
  expect([...checkpointer.rows.keys()]).toEqual(["my-flowmancer-job"]);
  const log = new EventLog();
  await life(async (engine) => (await engine.resume("one")).outcome(), log);
  const ends = log.of("step-settled").map(({ step, state, source }) => `${step.node} ${state} ${source}`);
  expect(ends.sort()).toEqual([
    "final-fail-task failed ran",
    "succeed-task-a succeeded restored",
    "succeed-task-b succeeded restored",
  ]);
  checkpointer.rows.clear();
  project.write("fine.yaml", "tasks: { succeed-task-b: { task: ImmediatelySucceed } }\n");
  await life((engine) => engine.start(loadJob(project.path("fine.yaml"))).result());
  expect([...checkpointer.rows]).toEqual([]);
});

test("`checkpointer:` names it for a job", async () => {
  project.write(
    "extensions/database.mjs",
    `import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

export class DatabaseCheckpointer {
  constructor({ host, port, username, password }) {
    this.database = [host, port, username, password].join("-");
  }
  async write(name, content) {
    writeFileSync(\`\${this.database}-\${name}\`, content);
  }
  async read(name) {
    const file = \`\${this.database}-\${name}\`;
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }
  async clear(name) {
    rmSync(\`\${this.database}-\${name}\`);
  }
}
`,
  );
  const CHECKPOINTER = `checkpointer:
  checkpointer: DatabaseCheckpointer
  parameters:
    host: something
    port: 9999
    username: user
    password: 1234
`;
  const kept = (): readonly string[] => readdirSync(project.root).filter((name) => name.startsWith("something-"));
  project.write("checkpointed.yaml", `include: [./job.yaml]\n${CHECKPOINTER}`);
  expect((await project.flow("run", "checkpointed.yaml")).code).toBe(1);
  expect(kept()).toEqual(["something-9999-user-1234-my-flowmancer-job"]);
  project.write("fine.yaml", `${CHECKPOINTER}tasks: { succeed-task-b: { task: ImmediatelySucceed } }\n`);
  expect((await project.flow("run", "fine.yaml")).code).toBe(0);
  expect(kept()).toEqual(["something-9999-user-1234-my-flowmancer-job"]);
  const again = await project.flow("run", "checkpointed.yaml", "-r");
  expect([again.code, printed(again.stderr).slice(1)]).toEqual([1, SAID.slice(3)]);
});
