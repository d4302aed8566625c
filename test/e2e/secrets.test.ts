/** Secrets on real threads, over a durable store: they are stored by name, and what was revealed stays in the thread. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type RunEvent, Secret } from "@millrace/core";
import { type Engine, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";

const SOURCE = `
import { appendFileSync } from "node:fs";
import { defineFlow, defineTask, FatalError, Flow, flow, param, Secret, Task, task, value } from "millrace";

Secret.provide("vault", async (key) => {
  if (key === "sealed") throw new Error("the vault is sealed");
  return "from-the-vault-" + key;
});

@value({ id: "card" }) export class Card { constructor(readonly holder: string) {} }

/** Every way out of a thread; \`s\` is the secret text. */
const WAYS: Record<string, (s: string, task: Leak) => unknown> = {
  result: (s) => s,
  middle: (s) => ({ list: ["before " + s + " after"], n: 1 }),
  key: (s) => ({ [s]: 1, ["__proto__" + s]: 2 }),
  collections: (s) => new Map([[s, new Set([s, 2])]]),
  bytes: (s) => [Buffer.from("<" + s + ">"), new TextEncoder().encode(s), Buffer.from(s, "utf16le")],
  oddText: (s) => "\\ud800" + s,
  url: (s) => { const url = new URL("https://api.test/x"); url.searchParams.set("key", s); return url; },
  path: (s) => new URL("https://api.test/" + encodeURIComponent(s)),
  json: (s) => JSON.stringify({ key: s }),
  base64: (s) => "Basic " + Buffer.from(s).toString("base64"),
  hex: (s) => Buffer.from(s).toString("hex"),
  registered: (s) => new Card(s),
  regexp: (s) => new RegExp(s.replace(/[^\\w]/g, "\\\\$&")),
  big: (s) => ({ of: s, n: 10n }),
  large: (s) => s.repeat(1 + Math.ceil(300_000 / s.length)),
  message: (s) => { throw new Error("refused: " + s); },
  cause: (s) => { throw new Error("outer", { cause: new TypeError(s) }); },
  field: (s) => { throw Object.assign(new Error("with field"), { request: { headers: { authorization: "Bearer " + s } } }); },
  aggregate: (s) => { throw new AggregateError([new Error(s), s], "several"); },
  name: (s) => { const error = new Error("named"); error.name = s; throw error; },
  thrown: (s) => { throw { "no error": s }; },
  cut: (s) => { throw "x".repeat(50) + s; },
  cutInside: (s) => { throw { text: "x".repeat(30) + s }; },
  unsendable: (s) => { throw Object.assign(new Error("closure"), { of: () => s, [s]: s }); },
  fatal: (s) => { throw new FatalError(s); },
  notSendable: (s) => ({ [s]: () => 1 }),
  log: (s, task) => task.say("%s and %o", s, { s }),
  console: (s) => { console.log(s, [s]); console.error(new Error(s)); process.stdout.write("raw " + s.slice(0, 3)); process.stdout.write(s.slice(3) + " on\\n"); },
  progress: (s, task) => task.progress(0.5, "at " + s),
  lines: (s) => { for (const line of s.split("\\n")) console.log(line); },
  host: (s) => [new URL("https://" + s + ".test/")],
  hexNumber: (s) => ({ n: BigInt("0x" + s) }),
  hook: (s, task) => { task.inHook = s; },
};
export const ways = Object.keys(WAYS);

@task()
export class Leak extends Task<unknown> {
  @param() way!: string;
  @param() secret!: Secret<string>;
  inHook = "";
  async run(): Promise<unknown> {
    return WAYS[this.way]!(await this.secret.reveal(), this);
  }
  onDestroy() { if (this.inHook) throw new Error(this.inHook); }
  say(text: string, ...args: unknown[]) { this.log.warn(text, ...args); }
}

let kept = "";
/** Keeps the text for a later attempt in the same thread, which never reveals it. */
export const Keep = defineTask({ id: "Keep", run: async ({ secret }: { secret?: Secret }) => {
  if (secret) kept = await secret.reveal();
  return kept;
} });

@flow()
export class Leaks extends Flow<unknown> {
  @param() way!: string;
  @param() secret!: Secret;
  async run(): Promise<unknown> {
    const outcome = await this.attempt(Leak, { way: this.way, secret: this.secret });
    this.log.info("ended: %o", outcome);
    if (outcome.status === "succeeded") return { secret: this.secret, value: outcome.value };
    throw outcome.error;
  }
}

export const Kept = defineFlow({ id: "Kept", run: async ({ secret }: { secret: Secret }, flow) => [
  await flow.call(Keep, { secret }), await flow.call(Keep, {}),
] });

/** Reveals on the main thread. */
export const Local = defineFlow({ id: "Local", run: async ({ secret }: { secret: Secret }, flow) => {
  let text = "";
  const result = await flow.step("ask", async () => (text = await secret.reveal()));
  flow.log.info("it is %s", text);
  const ends = await flow.attempt(Echo, { text });
  return [result, text, ends];
} });
export const Echo = defineTask({ id: "Echo", run: ({ text }: { text: string }, { log }) => { log.info(text); return text; } });

/** Says how long it is: enough to know that it was read. */
@task({ retry: { attempts: 2 } })
export class Measure extends Task<number> {
  @param() secret!: Secret;
  async run(): Promise<number> { return (await this.secret.reveal()).length; }
}
@flow()
export class Measures extends Flow<number[]> {
  @param() secrets!: Secret[];
  @param() first?: Secret;
  async run(): Promise<number[]> {
    const all = this.first ? [this.first, ...this.secrets] : this.secrets;
    return this.map(all, (secret) => this.call(Measure, { secret }), { concurrency: 1 });
  }
}

@task({ cache: { ttl: "1h" } })
export class Cached extends Task<string> {
  @param() secret!: Secret;
  async run(): Promise<string> {
    appendFileSync(new URL("../ran", import.meta.url), "x");
    return this.secret.reference;
  }
}
@flow()
export class CachedOnce extends Flow<string> {
  @param() secret!: Secret;
  run(): Promise<string> { return this.call(Cached, { secret: this.secret }); }
}
`;

let project: TestProject;
let engine: Engine;
const events: RunEvent[] = [];

beforeAll(async () => {
  project = await oneModule(SOURCE);
  const { diagnostics } = await project.build();
  expect(diagnostics).toEqual([]);
  process.env.MILLRACE_TEST_KEY = "environment-key-9182";
  engine = await openEngine({
    cwd: project.root,
    observers: [{ name: "all", on: (event) => void events.push(event) }],
  });
});
afterAll(async () => {
  delete process.env.MILLRACE_TEST_KEY;
  await engine?.close();
  project?.remove();
});

/** Everything that the engine keeps, but the build: database, journal, content, logs. */
function storedFiles(folder = project.path(".flow")): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (!statSync(path).isDirectory()) return [path];
    return name === "build" || name === "cache" ? [] : storedFiles(path);
  });
}

function placesOf(text: string): readonly string[] {
  const needles = [
    Buffer.from(text),
    Buffer.from(text, "utf16le"),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(JSON.stringify(text).slice(1, -1)),
    Buffer.from(Buffer.from(text).toString("base64").replace(/=+$/, "")),
    Buffer.from(Buffer.from(text).toString("hex")),
  ];
  const contents: [string, Buffer][] = storedFiles().map((path) => [path, readFileSync(path)]);
  contents.push(["events", Buffer.from(JSON.stringify(events))]);
  return contents.flatMap(([name, content]) => (needles.some((needle) => content.includes(needle)) ? [name] : []));
}

let secrets = 0;
function secretOf(text: string): Secret {
  secrets += 1;
  const file = `keys/${secrets}`;
  project.write(file, `${text}\n`);
  return Secret.file(project.path(file));
}

const PARTICULAR = ["host", "hexNumber"]; // not of every text
const WAYS = [...SOURCE.matchAll(/^ {2}(\w+): \(s/gm)]
  .map(([, way]) => way as string)
  .filter((way) => !PARTICULAR.includes(way));

describe("what was revealed leaves the thread in no way", () => {
  // Marked, so that a text is never found by chance; the rest is what encoders treat differently.
  const texts = fc
    .tuple(
      fc.stringMatching(/^[A-Za-z0-9]{6}$/),
      fc.string({
        unit: fc.constantFrom("a", "'", '"', "\\", "%", "/", "+", " ", "ü", "€", "😀", "&", "$"),
        maxLength: 8,
      }),
    )
    .map(([mark, rest]) => `k-${mark}${rest}-z`);

  test.each(WAYS)("%s", async (way) => {
    const property = async (text: string): Promise<void> => {
      const secret = secretOf(text);
      const run = engine.start("Leaks", { way, secret });
      const ended = await run.result().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      expect(placesOf(text), JSON.stringify(text)).toEqual([]);
      expect(placesOf(text.slice(0, 8)), "the beginning").toEqual([]);
      const { value, error } = ended as { value?: { secret: Secret }; error?: Error };
      if (value) expect(String(value.secret)).toBe(String(secret));
      else expect(error).toBeInstanceOf(Error);
    };
    await fc.assert(fc.asyncProperty(texts, property), { seed: 91, numRuns: 6 });
  });

  test("a text of several lines is kept back line by line", async () => {
    const text = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----";
    for (const way of ["log", "lines", "message", "result"])
      await engine
        .start("Leaks", { way, secret: secretOf(text) })
        .result()
        .catch(() => {});
    expect(placesOf(text)).toEqual([]);
    expect(placesOf("MIIEvQIBADANBgkq")).toEqual([]);
  });

  test("what cannot hold the words is replaced as a whole", async () => {
    const secret = secretOf("deadbeef4711");
    const results = PARTICULAR.map((way) => engine.start("Leaks", { way, secret }).result());
    expect(await Promise.all(results)).toMatchObject([
      { value: ["[holds a secret]"] },
      { value: { n: "[holds a secret]" } },
    ]);
    expect(placesOf("deadbeef4711")).toEqual([]);
  });

  test("base64 of either alphabet", async () => {
    const text = ">>>???~~~>>>";
    expect(Buffer.from(text).toString("base64")).toMatch(/[+/]/);
    await engine.start("Leaks", { way: "base64", secret: secretOf(text) }).result();
    expect(placesOf(text)).toEqual([]);
  });

  test("a later attempt in the same thread, which has not revealed it, cannot tell it either", async () => {
    const text = "kept-from-before-771";
    const result = await engine.start("Kept", { secret: secretOf(text) }).result();
    expect(JSON.stringify(result)).not.toContain(text);
    expect(placesOf(text)).toEqual([]);
  });

  test("the main thread is no way out: recorded steps, logs, and what its body hands on", async () => {
    const text = "main-thread-4711";
    const secret = secretOf(text);
    const words = String(secret);
    expect(await engine.start("Local", { secret }).result()).toEqual([
      words,
      words,
      { status: "succeeded", value: words },
    ]);
    expect(placesOf(text)).toEqual([]);
  });
});

describe("references", () => {
  test("are read in the thread: from the environment, a file, a provider of a module", async () => {
    const listed = [Secret.env("MILLRACE_TEST_KEY"), secretOf("12345"), Secret.from("vault", "db")];
    expect(await engine.start("Measures", { secrets: listed }).result()).toEqual([20, 5, 17]);
  });

  test.each([
    [
      Secret.env("MILLRACE_NO_SUCH_KEY"),
      /secret env:MILLRACE_NO_SUCH_KEY cannot be revealed: the environment variable MILLRACE_NO_SUCH_KEY is not set/,
    ],
    [
      Secret.file("/no/such/file"),
      /secret file:\/no\/such\/file cannot be revealed: the file \/no\/such\/file cannot be read/,
    ],
    [Secret.from("bank", "x"), /no provider "bank" is registered in this thread/],
    [Secret.from("vault", "sealed"), /secret provider:vault:sealed cannot be revealed: its provider "vault" failed/],
  ])("%s: what is missing is named", async (secret, message) => {
    await expect(engine.start("Measures", { secrets: [secret] }).result()).rejects.toMatchObject({
      code: "secret-unavailable",
      message: expect.stringMatching(message),
      hint: expect.any(String),
      data: { reference: secret.reference },
    });
  });

  test("what is shorter than 4 characters is refused, and not shown", async () => {
    const failed = engine.start("Measures", { secrets: [secretOf("xyz")] }).result();
    await expect(failed).rejects.toMatchObject({
      code: "secret-unavailable",
      message: expect.stringMatching(/it has less than 4 characters/),
    });
    await expect(failed).rejects.not.toThrow(/xyz/);
    await expect(engine.start("Measures", { secrets: [secretOf("")] }).result()).rejects.toThrow(/it is empty/);
  });

  test("are what counts for identity: another text is the same step", async () => {
    project.write("keys/rotating", "first-text");
    const secret = Secret.file(project.path("keys/rotating"));
    await engine.start("CachedOnce", { secret }).result();
    project.write("keys/rotating", "second-text");
    expect(await engine.start("CachedOnce", { secret }).result()).toBe(secret.reference);
    await engine.start("CachedOnce", { secret: secretOf("other-place") }).result();
    expect(project.read("ran")).toBe("xx");
  });

  test("plain text in place of one is refused, and not shown", async () => {
    const plain = "sk-live-51H8x";
    const attempts = [{ secrets: [plain] }, { secrets: [], first: plain }, { secrets: [], frist: plain }];
    for (const params of attempts) {
      const start = async (): Promise<unknown> => engine.start("Measures", params as never).result();
      const caught = (await start().catch((error: unknown) => error)) as Error;
      expect(caught).toMatchObject({ code: "invalid-parameters" });
      expect(JSON.stringify([caught.message, caught])).not.toContain(plain);
    }
    expect(() => Secret.env(plain)).toThrow(/takes the name of a variable/);
    expect(() => Secret.env(plain)).not.toThrow(/sk-live/);
    expect(() => Secret.parse(plain)).not.toThrow(/sk-live/);
  });
});

describe("on the command line", () => {
  test("a flag takes a reference, and what is shown is the reference", async () => {
    project.write("cli-key", "command-line-key");
    const flags = ["--first", "env:MILLRACE_TEST_KEY", "--secrets", `file:${project.path("cli-key")}`];
    const ran = await project.flow("run", "Measures", ...flags, "--id", "cli", "--json");
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.json()).toMatchObject({ result: [20, 16] });
    const shown = await project.flow("show", "cli", "--json");
    const { run, steps } = shown.json<{ run: { params: unknown }; steps: { params: unknown }[] }>();
    expect(run.params).toMatchObject({ first: "env:MILLRACE_TEST_KEY" });
    expect(steps.map(({ params }) => params)).toEqual([
      { secret: "env:MILLRACE_TEST_KEY" },
      { secret: `file:${project.path("cli-key")}` },
    ]);
  });

  test("plain text is refused with the two forms, and not shown", async () => {
    const plain = "sk-live-51H8x";
    for (const flags of [
      ["--first", plain, "--secrets", "env:A_KEY"],
      ["--secrets", plain],
      [`--param`, `first=${plain}`, "--secrets", "env:A"],
    ]) {
      const refused = await project.flow("run", "Measures", ...flags);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain("a secret is given as env:NAME or file:path");
      expect(refused.stderr + refused.stdout).not.toContain(plain);
    }
  });
});
