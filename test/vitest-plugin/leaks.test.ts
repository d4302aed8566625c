/** Under the plugin every test file has to close what it opens; what the runner opens is its own business. */
import { expect, test } from "vitest";
import { COUNTING, runVitest, vitestProject } from "./vitest-project.js";

const ENGINE = `
import { memoryStore, openEngine } from "millrace/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
const open = () => openEngine({ store: memoryStore(), observers: [], threads: 2 });
`;

/** Test files that leave something open, by the line that says so. */
const LEAKY: Readonly<Record<string, readonly [string, string]>> = {
  timer: [
    'timer, created in "waits > too long": clear it with clearTimeout',
    `
import { describe, test } from "vitest";
describe("waits", () => { test("too long", () => { setTimeout(() => {}, 1e6); }); });
`,
  ],
  "while-loading": [
    "interval, created outside of any test: clear it with clearInterval",
    `
import { test } from "vitest";
setInterval(() => {}, 10);
test("passes", () => {});
`,
  ],
  concurrent: [
    'server, created in "second": close it',
    `
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { test } from "vitest";
test.concurrent("first", () => delay(20));
test.concurrent("second", async () => { await delay(5); createServer().listen(0); });
test.concurrent("third", () => delay(20));
`,
  ],
  engine: [
    'thread, created in "runs": await worker.terminate(), or engine.close()',
    `${ENGINE}
test("runs", async () => {
  const engine = await open();
  expect(await engine.start("Total", { texts: ["a"] }).result()).toBe(1);
});
`,
  ],
};

/** Near misses. */
const CLEAN: Readonly<Record<string, string>> = {
  "closed-late": `
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
let timer, server, watcher;
beforeAll(() => { watcher = watch("."); return () => watcher.close(); });
afterAll(() => { clearInterval(timer); server.close(); });
test("opens", async () => {
  timer = setInterval(() => {}, 10);
  setTimeout(() => {}, 1e6).unref();
  server = createServer((request, response) => response.end("hello")).listen(0);
  await once(server, "listening");
  expect(await (await fetch("http://localhost:" + server.address().port)).text()).toBe("hello");
  spawn(process.execPath, ["--version"]);
  console.log("what the runner does with this is its own");
  await vi.waitFor(() => {}, { timeout: 50_000 });
  await import("./other.js");
});
test("fakes", () => { vi.useFakeTimers(); setTimeout(() => {}, 1e6); });
`,
  engine: `${ENGINE}
let engine;
beforeAll(async () => { engine = await open(); });
afterAll(() => engine.close());
test("starts threads late", async () => {
  expect(await engine.start("Total", { texts: ["a", "bc"] }).result()).toBe(3);
});
`,
  fixture: `
import { test as base } from "vitest";
const test = base.extend({
  server: [async ({}, use) => { const timer = setInterval(() => {}, 10); await use(timer); clearInterval(timer); }, { scope: "file" }],
});
test("uses it", ({ server }) => { server.hasRef(); });
`,
};

test("leaks fail their file, by name and place; near misses pass", async () => {
  await using project = await vitestProject({
    ...COUNTING,
    "test/other.ts": "export {};",
    ...Object.fromEntries(Object.entries(LEAKY).map(([name, [, text]]) => [`test/leaky/${name}.test.ts`, text])),
    ...Object.fromEntries(Object.entries(CLEAN).map(([name, text]) => [`test/${name}.test.ts`, text])),
  });
  const { code, output } = await runVitest(project);
  expect(code).toBe(1);
  for (const [name, [line]] of Object.entries(LEAKY)) {
    expect(output).toContain(`FAIL  test/leaky/${name}.test.ts [ test/leaky/${name}.test.ts ]`);
    expect(output).toContain(line);
  }
  const kinds = [...output.matchAll(/(\S+), created (?:in|outside)/g)].map(([, kind]) => kind);
  expect([...new Set(kinds)].sort()).toEqual(["interval", "server", "thread", "timer"]);
  expect(output).toContain(`❯ test/leaky/timer.test.ts:3:`);
  expect(output).toMatch(/Test Files {2}4 failed \| 3 passed \(7\)\n\s+Tests {2}10 passed \(10\)/);
});

test("leaks: false looks for none", async () => {
  await using project = await vitestProject({
    ...COUNTING,
    "vitest.config.ts": `
import { millrace } from "millrace/vitest";
import { defineConfig } from "vitest/config";
export default defineConfig({ plugins: [millrace({ leaks: false })] });
`,
    "test/timer.test.ts": LEAKY.timer?.[1] ?? "",
  });
  expect(await runVitest(project)).toMatchObject({ code: 0 });
});
