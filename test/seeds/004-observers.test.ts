/** Loggers, extensions, checkpointers and notifications, by the scenarios that their ancestor's README and its later versions give. */
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Checkpointer,
  type Engine,
  type EngineOptions,
  emailObserver,
  extension,
  fileCheckpointer,
  fileObserver,
  type LogEnd,
  type Logger,
  type LogSource,
  type LogWrite,
  logger,
  openEngine,
  storeFromCheckpointer,
  type Transition,
  webhookObserver,
} from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";
import { heardOnStderr } from "../observers/stderr.js";

const SOURCE = `
import { existsSync, appendFileSync } from "node:fs";
import { Flow, flow, param, Task, task } from "millrace";

/** Says something, and fails unless a file is there. */
@task()
export class Say extends Task<string> {
  @param() text!: string;
  @param() needs?: string;
  run(): string {
    console.log(this.text);
    if (this.needs && !existsSync(this.needs)) throw new RangeError("no " + this.text);
    return this.text;
  }
}

/** Runs until it is asked to stop. */
@task()
export class Wait extends Task<void> {
  async run(): Promise<void> {
    console.log("waiting");
    await new Promise((_, reject) => this.signal.addEventListener("abort", () => reject(this.signal.reason)));
  }
}

@flow()
export class Nightly extends Flow<string> {
  @param() needs?: string;
  async run(): Promise<string> {
    const first = await this.call(Say, { text: "first" });
    return first + await this.call(Say, { text: "second", needs: this.needs });
  }
}

@flow()
export class Patient extends Flow<void> {
  async run(): Promise<void> {
    await this.call(Say, { text: "first" });
    await this.call(Wait, {});
  }
}
`;

let project: TestProject;
let key: string;
beforeAll(async () => {
  project = await oneModule(SOURCE);
  const { diagnostics } = await project.build();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});
afterAll(() => project?.remove());
beforeEach(() => {
  key = project.path(`key-${Math.random()}`);
});

async function opened(options: EngineOptions): Promise<Engine> {
  const engine = await openEngine({ cwd: project.root, threads: 1, ...options });
  onTestFinished(() => engine.close());
  return engine;
}

class Book implements Logger {
  readonly told: LogWrite[] = [];
  readonly order: string[] = [];
  start({ name }: LogSource): void {
    this.order.push(`start ${name}`);
  }
  write(line: LogWrite): void {
    this.told.push(line);
    this.order.push(`${line.severity} ${line.name}`);
  }
  end({ name }: LogEnd): void {
    this.order.push(`end ${name}`);
  }
}

test("14. what a task prints is an info line with its name, what it throws an error with its stack; a throwing logger fails nothing", async () => {
  const heard = heardOnStderr();
  const [one, two] = [new Book(), new Book()];
  const throwing: Logger = {
    name: "throwing",
    write() {
      throw new Error("full");
    },
  };
  const engine = await opened({ observers: [throwing, one, two].map(logger) });
  const run = engine.start("Nightly", { needs: key });
  await expect(run.result()).rejects.toThrow("no second");
  await engine.close();
  const said = one.told.filter(({ event }) => event === undefined);
  expect(said.map(({ severity, message, attempt }) => [severity, message, attempt])).toEqual([
    ["info", "first", 1],
    ["info", "second", 1],
  ]);
  expect(said.every(({ name, step }) => name.startsWith("Say") && step?.task === "Say")).toBe(true);
  const thrown = one.told.filter(({ severity, step }) => severity === "error" && step);
  expect(thrown).toHaveLength(1);
  expect(thrown[0]).toMatchObject({ message: expect.stringContaining("RangeError: no second"), attempt: 1 });
  expect(thrown[0]?.stack).toContain("RangeError: no second\n    at ");
  const [a = "", b = ""] = said.map(({ name }) => name);
  expect(one.order).toEqual([
    "start Nightly",
    "info Nightly",
    ...[`start ${a}`, `info ${a}`, `end ${a}`],
    ...[`start ${b}`, `info ${b}`, `error ${b}`, `end ${b}`],
    "error Nightly",
    "end Nightly",
  ]);
  expect(two.order).toEqual(one.order);
  expect(two.told).toEqual(one.told);
  expect(heard()).toContain('the observer "throwing" failed and is switched off');
});

test("15. the default logger keeps a folder for each run and a file for each task, and old ones for so many days", async () => {
  const dir = project.path(".flow/logs");
  const old = (run: string, days: number): void => {
    const file = join(dir, run, "flow.jsonl");
    mkdirSync(join(dir, run), { recursive: true });
    writeFileSync(file, "{}\n");
    const then = Date.now() / 1_000 - days * 86_400;
    utimesSync(file, then, then);
  };
  const engine = await opened({});
  const run = engine.start("Nightly", {});
  expect(await run.result()).toBe("firstsecond");
  await engine.close();
  const files = readdirSync(join(dir, run.id)).sort();
  expect(files).toHaveLength(3);
  expect(files.filter((file) => file.startsWith("Say"))).toHaveLength(2);
  expect(readFileSync(join(dir, run.id, files[0] ?? ""), "utf8")).toMatch(/"text":"(first|second)"/);

  old("two-days", 2);
  old("four-days", 4);
  const book = new Book();
  const second = await opened({ observers: [fileObserver({ dir, retentionDays: 3 }), logger(book)] });
  // In the background, while the engine is open.
  while (existsSync(join(dir, "four-days"))) await new Promise((resolve) => setImmediate(resolve));
  await second.close();
  expect(existsSync(join(dir, "two-days"))).toBe(true);

  // Observers that are given replace the default, unless it is among them.
  const third = await opened({ observers: [logger(book)] });
  const quiet = third.start("Nightly", {});
  await quiet.result();
  await third.close();
  expect(existsSync(join(dir, quiet.id))).toBe(false);
  expect(book.told.length).toBeGreaterThan(0);
});

test("16. an extension is told every transition once; its own life goes with the run's", async () => {
  const told: string[] = [];
  const watch = extension({
    update: (t: Transition) =>
      void told.push(`${t.subject === "step" ? t.step.task : t.name} ${t.from} > ${t.to} ${t.at > 0}`),
    onCreate: () => void told.push("create"),
    onFailure: () => void told.push("failure"),
    onDestroy: () => void told.push("destroy"),
  });
  const engine = await opened({ observers: [watch] });
  await expect(engine.start("Nightly", { needs: key }).result()).rejects.toThrow();
  await engine.close();
  expect(told).toEqual([
    "create",
    "Nightly pending > running true",
    "Say pending > ready true",
    "Say ready > running true",
    "Say running > succeeded true",
    "Say pending > ready true",
    "Say ready > running true",
    "Say running > failed true",
    "Nightly running > failed true",
    "failure",
    "destroy",
  ]);
});

test("17. notifications are switched on one by one; a failing one fails nothing", async () => {
  const heard = heardOnStderr();
  const [posts, mails]: string[][] = [[], []];
  // Safe: no more of fetch is used.
  const fetch = (async (_: unknown, { body }: { body: string }) => {
    posts?.push(JSON.parse(body).kind);
    return new Response();
  }) as unknown as typeof globalThis.fetch;
  const transport = { sendMail: async ({ subject }: { subject: string }) => void mails?.push(subject) };
  const who = { from: "flows@example.test", to: "ops@example.test" };
  const down = (): Promise<never> => Promise.reject(new Error("no route"));
  const engine = await opened({
    observers: [
      webhookObserver({ url: "https://example.test/", on: ["start", "success"], fetch }),
      webhookObserver({ url: "https://example.test/", on: ["start", "failure"], fetch: down, attempts: 1 }),
      emailObserver({ transport, ...who, on: ["failure", "abort"] }),
    ],
  });
  expect(await engine.start("Nightly", {}).result()).toBe("firstsecond");
  await expect(engine.start("Nightly", { needs: key }).result()).rejects.toThrow("no second");
  const patient = engine.start("Patient", {});
  await patient.cancel();
  await engine.close();
  expect(posts).toEqual(["start", "success", "start", "start"]);
  expect(mails).toEqual(["Nightly failed", "Patient was aborted"]);
  expect(heard().match(/could not tell of "start"/g)).toHaveLength(3);
});

test("6. an interrupt is told as an abort, and what was done is in the checkpoint", async () => {
  const dir = project.path("checkpoints-6");
  const told: string[] = [];
  const book = logger({
    name: "hooks",
    write: (line) => void (line.message === "waiting" && running()),
    onAbort: () => void told.push("abort"),
    onDestroy: () => void told.push("destroy"),
  });
  let running: () => void = () => {};
  const isRunning = new Promise<void>((resolve) => {
    running = resolve;
  });
  const store = await storeFromCheckpointer(fileCheckpointer(dir));
  const engine = await opened({ store, observers: [book] });
  const run = engine.start("Patient", {}, { id: "patient" });
  await isRunning;
  await engine.close();
  expect((await run.outcome()).status).toBe("suspended");
  await store.close();
  expect(told).toEqual(["abort", "destroy"]);
  const again = await storeFromCheckpointer(fileCheckpointer(dir));
  expect(await again.list()).toMatchObject([{ id: "patient", state: "suspended", reason: "interrupt" }]);
  await again.close();
});

test("7. a failed run goes on from its checkpoint: what succeeded is not run again, and success clears it", async () => {
  const dir = project.path("checkpoints-7");
  const life = async (drive: (engine: Engine) => Promise<void>): Promise<readonly string[]> => {
    const book = new Book();
    const hooks: string[] = [];
    const restarted = extension({ update: () => {}, onRestart: () => void hooks.push("restart") });
    const store = await storeFromCheckpointer(fileCheckpointer(dir), { name: "nightly" });
    const engine = await opened({ store, observers: [logger(book), restarted] });
    await drive(engine);
    await engine.close();
    await store.close();
    return [...hooks, ...book.told.filter(({ event }) => event === undefined).map(({ message }) => message)];
  };
  const first = await life((engine) =>
    expect(engine.start("Nightly", { needs: key }, { id: "n" }).result()).rejects.toThrow("no second"),
  );
  expect(first).toEqual(["first", "second"]);
  expect(readdirSync(dir)).toHaveLength(1);
  writeFileSync(key, "");
  const second = await life(async (engine) => expect(await (await engine.resume("n")).result()).toBe("firstsecond"));
  expect(second).toEqual(["restart", "second"]);
  expect(readdirSync(dir)).toEqual([]);
});

test("16. a checkpointer that fails stops its run, which goes on once it works; nothing that it holds is lost", async () => {
  const texts = new Map<string, string>();
  let writes = 0;
  let worksUntil = 2;
  const checkpointer: Checkpointer = {
    async write(name, contents) {
      writes += 1;
      if (writes > worksUntil) throw new Error("no space left");
      texts.set(name, contents);
    },
    read: (name) => texts.get(name),
    clear: (name) => void texts.delete(name),
  };
  const store = await storeFromCheckpointer(checkpointer, { keepSucceeded: true });
  const engine = await opened({ store });
  const run = engine.start("Nightly", {}, { id: "n" });
  expect(await run.outcome()).toMatchObject({
    status: "suspended",
    error: { code: "store-unusable", message: expect.stringContaining("no space left") },
  });
  worksUntil = Number.POSITIVE_INFINITY;
  const resumed = await engine.resume("n");
  expect(await resumed.result()).toBe("firstsecond");
  await engine.close();
  await store.close();
  const after = await storeFromCheckpointer(checkpointer);
  expect(await after.list()).toMatchObject([{ id: "n", state: "succeeded" }]);
  await after.close();
});

test("16. a checkpoint has one store at a time, and one that is damaged is refused by its line", async () => {
  const dir = project.path("checkpoints-16");
  const store = await storeFromCheckpointer(fileCheckpointer(dir), { keepSucceeded: true });
  const engine = await opened({ store });
  await engine.start("Nightly", {}, { id: "n" }).result();
  await expect(storeFromCheckpointer(fileCheckpointer(dir))).rejects.toMatchObject({
    code: "store-unusable",
    message: 'The checkpoint "millrace" is in use by another store of this process.',
  });
  await engine.close();
  await store.close();
  const [file = ""] = readdirSync(dir);
  const lines = readFileSync(join(dir, file), "utf8").split("\n");
  for (const [damage, words] of [
    [lines.slice(0, -2).join("\n"), "is damaged in line"],
    [[lines[0], "{", ...lines.slice(2)].join("\n"), "is damaged in line 2"],
    ['{"some":"thing else"}\n', "is damaged in line 1"],
    ['{"millrace":"checkpoint","format":99}\n', "was written by a newer version"],
  ] as const) {
    writeFileSync(join(dir, file), damage);
    await expect(storeFromCheckpointer(fileCheckpointer(dir))).rejects.toThrow(words);
  }
});

test("15. package.json names loggers and extensions, for the command and for programs; loggers replace the default", async () => {
  const packageJson = JSON.parse(readFileSync(project.path("package.json"), "utf8"));
  const configured = (millrace: object): void =>
    project.write("package.json", JSON.stringify({ ...packageJson, millrace }));
  onTestFinished(() => project.write("package.json", JSON.stringify(packageJson)));
  const lines = (): string => (existsSync(project.path("told")) ? readFileSync(project.path("told"), "utf8") : "");
  const tell = 'import { appendFileSync } from "node:fs";\nconst file = new URL("../told", import.meta.url);\n';
  project.write(
    "loggers/to-file.mjs",
    `${tell}export class ToFile { constructor({ mark }) { this.mark = mark; } write({ message, event }) { if (!event) appendFileSync(file, this.mark + message + "\\n"); } }\n`,
  );
  project.write(
    "extensions/counts.mjs",
    `${tell}export const counts = { update: ({ subject, to }) => { if (subject === "run") appendFileSync(file, to + "\\n"); } };\n`,
  );
  const loggers = { mine: { logger: "ToFile", parameters: { mark: "> " } } };
  const extensions = { counts: { extension: "counts" } };
  configured({ loggers, extensions });
  const ended = await project.flow("run", "Nightly", "--id", "configured");
  expect(ended.code, ended.stderr).toBe(0);
  expect(lines()).toBe("running\n> first\n> second\nsucceeded\n");
  expect(existsSync(project.path(".flow/logs/configured"))).toBe(false);

  configured({ extensions });
  const engine = await opened({});
  await engine.start("Nightly", {}, { id: "program" }).result();
  await engine.close();
  expect(lines()).toBe("running\n> first\n> second\nsucceeded\nrunning\nsucceeded\n");
  expect(existsSync(project.path(".flow/logs/program/flow.jsonl"))).toBe(true);

  configured({ loggers: { mine: { logger: "ToFil" } } });
  await expect(opened({})).rejects.toMatchObject({
    code: "observer-invalid",
    message: 'millrace.loggers.mine: there is no "ToFil".',
    hint: expect.stringContaining('Did you mean "ToFile"?'),
  });
  configured({ loggers: { mine: "ToFile" } });
  await expect(opened({})).rejects.toMatchObject({
    code: "project-not-found",
    message: expect.stringContaining('"millrace.loggers" must be an object whose members look like'),
  });
});
