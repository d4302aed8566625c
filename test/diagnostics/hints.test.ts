/** Advice is given where a task surely changes nothing, and withheld wherever it may: one line for each way to have an effect. */
import type { TestProject } from "@millrace/testing";
import { expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

async function hintsOf(project: TestProject): Promise<readonly string[]> {
  const { diagnostics } = await project.check();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return diagnostics
    .filter(({ severity }) => severity === "hint")
    .map(({ code, span }) => `${span.file.replace("src/", "")}:${span.line} ${code}`);
}

/** A body of a task that takes `text` → whether a dropped result of it is reported. */
const BODIES: Readonly<Record<string, boolean>> = {
  "return this.text.trim();": true,
  "return JSON.stringify([...this.text].sort().map((c) => c.toUpperCase()));": true,
  "return join(this.text, new Date(0).toISOString());": true,
  "return (await readFile(this.text, 'utf8')).trim();": true,
  "return (await fetch(this.text)).text();": true,
  "return (await fetch(this.text, { method: 'GET', headers: {} })).text();": true,
  "const found: string[] = []; found.push(this.text); return found;": true,
  "return new Words(this.text).first;": true,
  "return shout(this.text);": true,
  "this.text = 'other'; return this.text;": true,
  "return createHash('sha256').update(this.text).digest('hex');": true,
  "await new Promise((resolve) => setTimeout(resolve, 1)); return 1;": true,
  "return each(this.text, (c) => c.charCodeAt(0));": true,
  // Writing, sending, and what nobody knows.
  "await writeFile('x', this.text); return 1;": false,
  "return (await fetch(this.text, { method: 'POST' })).text();": false,
  "return (await fetch(this.text, settings)).text();": false,
  "counter += 1; return counter;": false,
  "counter++; return 1;": false,
  "seen.add(this.text); return 1;": false,
  "settings.keepalive = true; return 1;": false,
  "return send(this.text);": false,
  "return new Client().send(this.text);": false,
  "return new Words(this.text).counted;": false,
  "const any: any = this.text; return any.send();": false,
  "const { send } = await import('mailer'); return 1;": false,
  "process.exitCode = 1; return 1;": false,
  "process.chdir(this.text); return 1;": false,
  "return each(this.text, (c) => { counter += c.length; return 1; });": false,
  "return each(this.text, count);": false,
  "return (0, eval)(this.text);": false,
  // Noticed otherwise.
  "this.log.info(this.text); return 1;": false,
  "console.log(this.text); return 1;": false,
  "this.progress(1); return 1;": false,
  "if (this.text === '') throw new Error('empty'); return 1;": false,
};

const WORLD = `
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, send } from "mailer";
import { Flow, flow, param, Task, task } from "millrace";
let counter = 0;
const seen = new Set<string>();
const settings: RequestInit = {};
class Words {
  readonly #text: string;
  constructor(text: string) { this.#text = text; }
  get first() { return this.#text.split(" ")[0] ?? ""; }
  get counted() { counter += 1; return this.#text.length; }
}
const shout = (text: string): string => text.toUpperCase();
const count = (c: string): number => { counter += 1; return c.length; };
const each = (text: string, fn: (c: string) => number): number[] => [...text].map(fn);
export const world = { createHash, readFile, writeFile, join, Client, send, counter, seen, settings, Words, shout, count, each };
`;

const MAILER = {
  "vendor/mailer/package.json": JSON.stringify({ name: "mailer", version: "1.0.0", type: "module", main: "index.js" }),
  "vendor/mailer/index.js": "export const send = () => 1; export class Client { send() { return 1; } }",
  "vendor/mailer/index.d.ts":
    "export function send(text: string): number; export class Client { send(text: string): number; }",
};

test("a result that nobody reads is reported if the task surely does nothing else", async () => {
  const rows = Object.entries(BODIES);
  const tasks = rows.map(
    ([body], i) =>
      `@task() export class T${i} extends Task<unknown> { @param() text!: string; async run() { ${body} } }`,
  );
  const calls = rows.map((_, i) => `    await this.call(T${i}, { text: "x" });`);
  const head = `${WORLD}${tasks.join("\n")}\n@flow() export class All extends Flow<void> {\n  async run() {\n`;
  const first = head.split("\n").length;
  await using project = await fixtureProject("pages", {
    ...MAILER,
    "src/steps.ts": "export {};",
    "src/all.ts": `${head}${calls.join("\n")}\n  }\n}\n`,
  });
  const expected = rows.flatMap(([, reported], i) => (reported ? [`all.ts:${first + i} result-unused`] : []));
  const shown = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => rows[Number(/:(\d+)/.exec(line)?.[1]) - first]?.[0] ?? line);
  const found = (await hintsOf(project)).filter((line) => line.endsWith("result-unused"));
  expect(shown(found)).toEqual(shown(expected));
});

/** `// hint` announces one on its line. */
function announced(file: string, text: string, code: string): readonly string[] {
  return text.split("\n").flatMap((line, i) => (line.endsWith("// hint") ? [`${file}:${i + 1} ${code}`] : []));
}

async function expectHints(code: string, body: string): Promise<void> {
  const text = `import { Flow, flow, param, Task, task } from "millrace";
import { Fetch, Notify, Render } from "./steps.js";
@task({ pure: true }) export class Count extends Task<number> { @param() of!: unknown; run() { console.log(1); return 1; } }
@task() export class Tell extends Task<number> { @param() of!: unknown; async onSuccess() {} run() { return 1; } }
export const mentioned = [Fetch, Notify, Render, Count, Tell];
@flow() export class Body extends Flow<unknown> {
  @param() cities!: string[];
  @param() hot!: boolean;
  async run() {
${body}
  }
}
`;
  await using project = await fixtureProject("pages", { "src/flow.ts": text });
  const found = (await hintsOf(project)).filter((line) => line.endsWith(code));
  expect(found).toEqual(announced("flow.ts", text, code));
}

test("a result counts as read wherever something may look at it", async () => {
  await expectHints(
    "result-unused",
    `    const city = "Oslo";
    await Promise.all([this.call(Fetch, { city }), // hint
      this.call(Notify)]);
    await Promise.all(this.cities.map((each) => this.call(Fetch, { city: each }))); // hint
    await this.map(this.cities, async (each) => { return this.call(Fetch, { city: each }); }); // hint
    if (this.hot) await this.call(Fetch, { city }); // hint
    this.hot && (await this.call(Fetch, { city })); // hint
    const unread = await this.call(Fetch, { city }); // hint
    const [first] = await Promise.all([this.call(Fetch, { city })]);
    const read = await this.call(Fetch, { city });
    let later: string; later = await this.call(Fetch, { city });
    await this.call(Fetch, { city }).then((text) => text.length);
    await this.call(Tell, { of: city });
    await this.call(Count, { of: city });
    await this.call(Render, { forecast: await this.call(Fetch, { city }) }); // hint
    await this.step("read", () => 1);
    const lengths = await this.map(this.cities, async (each) => (await this.call(Fetch, { city: each })).length);
    return [first, read, later, lengths];`,
  );
});

test("awaits in sequence are reported if nothing ties them together", async () => {
  await expectHints(
    "awaits-in-sequence",
    `    const a = await this.call(Fetch, { city: "a" }); // hint
    const b = await this.call(Count, { of: [this.cities, { of: 1 }] });
    const c = await this.call(Render, { forecast: a }); // hint
    const d = await this.call(Fetch, { city: "d" });
    const e = await this.call(Tell, { of: 1 });
    const f = await this.call(Fetch, { city: "f" });
    const g = await this.call(Fetch, { city: f });
    if (g === "") return a;
    const h = await this.call(Fetch, { city: String(this.hot) });
    const i = await this.call(Fetch, { city: String(this.hot) });
    const all: unknown[] = [];
    for (const city of this.cities) all.push(await this.call(Fetch, { city })); // hint
    for (const city of this.cities) all.push(await this.call(Tell, { of: city }));
    for (const city of this.cities) {
      const text = await this.call(Fetch, { city });
      if (text === "") break;
      all.push(text);
    }
    const [j, k] = await Promise.all([this.call(Fetch, { city: "j" }), this.call(Fetch, { city: "k" })]);
    return [a, b, c, d, e, f, h, i, j, k, all];`,
  );
});

test("unused tasks are nobody's business in a library, beside no flow, and where a call may run anything", async () => {
  const files = {
    "src/lost.ts":
      'import { Task, task } from "millrace";\n@task() export class Lost extends Task<void> { run() {} }\n',
  };
  const flowOf = (body: string): string =>
    `import { Flow, flow, param } from "millrace"; import { Fetch, Notify, Render } from "./steps.js";
@flow() export class Body extends Flow<unknown> { @param() what!: any; async run() { ${body} return 1; } }
export const mentioned = [Fetch, Notify, Render];`;
  await using project = await fixtureProject("pages", { ...files, "src/flow.ts": flowOf("") });
  const manifest = JSON.parse(project.read("package.json")) as Record<string, unknown>;
  const unused = async (): Promise<readonly string[]> =>
    (await hintsOf(project)).filter((l) => l.endsWith("task-unused"));
  expect(await unused()).toEqual(["lost.ts:2 task-unused"]);
  project.write("package.json", JSON.stringify({ ...manifest, private: undefined, exports: "./dist/index.js" }));
  expect(await unused()).toEqual([]);
  project.write("package.json", JSON.stringify({ ...manifest, private: true, exports: "./dist/index.js" }));
  expect(await unused()).toEqual(["lost.ts:2 task-unused"]);
  project.write("src/flow.ts", flowOf("await this.call(this.what);"));
  expect(await unused()).toEqual([]);
  project.write("src/flow.ts", "export {};");
  expect(await unused()).toEqual([]);
});
