/** `network-without-io`: one line for each way to use the network, or to look like it. */
import { expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

/** A body of a task → what is reported as the network. */
const BODIES: Readonly<Record<string, string | undefined>> = {
  "return fetch(this.url);": "fetch",
  "return globalThis.fetch(this.url);": "fetch",
  "return new Promise((resolve) => https.get(this.url, resolve));": "node:https",
  "return connect(443, this.url);": "node:net",
  "const http = await import('node:http'); return http.get(this.url);": 'import("node:http")',
  "return new Client(this.url).query();": "pg",
  "return ask(this.url);": "fetch",
  "return [this.url].map((url) => ask(url));": "fetch",
  "return this.url.length;": undefined,
  "return shop.fetch(this.url);": undefined,
  "const { Client } = { Client: String }; return Client(this.url);": undefined,
  "let client: Client | undefined; return client;": undefined,
  "return readFile(this.url);": undefined,
};

const WORLD = `
import { readFile } from "node:fs/promises";
import https from "node:https";
import { connect } from "node:net";
import { Client } from "pg";
import { param, Task, task } from "millrace";
const shop = { fetch: (name: string) => name };
async function ask(url: string) { return (await fetch(url)).text(); }
`;

const PG = {
  "vendor/pg/package.json": JSON.stringify({ name: "pg", version: "1.0.0", type: "module", main: "index.js" }),
  "vendor/pg/index.js": "export class Client { query() { return 1; } }",
  "vendor/pg/index.d.ts": "export class Client { constructor(url: string); query(): number; }",
};

test("what a task uses is known by name, through functions of the project, and reported once", async () => {
  const tasks = Object.keys(BODIES).map(
    (body, index) =>
      `@task() export class T${index} extends Task<void> { @param() url!: string; async run() { ${body.replace("return ", "const given = ")} void given; } }`,
  );
  await using project = await fixtureProject("pages", { ...PG, "src/tasks.ts": WORLD + tasks.join("\n") });
  const { diagnostics } = await project.check();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const found = diagnostics
    .filter(({ code }) => code === "network-without-io")
    .map(({ data }): [unknown, unknown] => [data.task, data.uses]);
  const expected = Object.values(BODIES).flatMap((what, index): [string, string][] =>
    what === undefined ? [] : [[`T${index}`, what]],
  );
  expect(found.sort()).toEqual(expected.sort());
});

test("the way through the project's functions stands beside the finding", async () => {
  const text = `${WORLD}@task() export class Asks extends Task<string> { async run() { return ask("x"); } }`;
  await using project = await fixtureProject("pages", { ...PG, "src/tasks.ts": text });
  const { diagnostics } = await project.check();
  const [finding] = diagnostics.filter(({ code }) => code === "network-without-io");
  expect(finding?.related.map(({ message }) => message)).toEqual(["Asks is declared here", "Asks calls `ask` here"]);
});
