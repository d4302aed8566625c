import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { unwatchFile, watch, watchFile } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { MessageChannel, Worker } from "node:worker_threads";
import { expect, test, vi } from "vitest";
import { detectLeaks } from "./detect-leaks.js";

const FOREVER = 1_000_000;
const THIS_FILE = import.meta.filename;

async function listening(): Promise<Server> {
  const server = createServer().listen(0);
  await once(server, "listening");
  return server;
}

/** Makes one thing of each kind and gives what closes it. */
const MAKERS: Readonly<Record<string, () => Promise<() => unknown> | (() => unknown)>> = {
  timer() {
    const timer = setTimeout(() => {}, FOREVER);
    return () => clearTimeout(timer);
  },
  interval() {
    const timer = setInterval(() => {}, 1);
    return () => clearInterval(timer);
  },
  async thread() {
    const worker = new Worker("setInterval(() => {}, 1000)", { eval: true, stdout: true });
    await once(worker, "online");
    return () => worker.terminate();
  },
  "message-port"() {
    const { port1 } = new MessageChannel();
    port1.on("message", () => {});
    return () => port1.close();
  },
  async server() {
    const server = await listening();
    return () => server.close();
  },
  socket() {
    const socket = createSocket("udp4").bind();
    return () => socket.close();
  },
  async "child-process"() {
    const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    return () => child.kill();
  },
  "file-watcher"() {
    const watcher = watch(import.meta.dirname);
    return () => watcher.close();
  },
  "file-watcher that polls"() {
    watchFile(THIS_FILE, () => {});
    return () => unwatchFile(THIS_FILE);
  },
};

test("each kind is reported once, with its place, while it is open, and not when it is closed", async () => {
  let making: string | undefined;
  const leaks = detectLeaks({ testName: () => making });
  const closers: (() => unknown)[] = [];
  for (const [name, make] of Object.entries(MAKERS)) {
    making = name;
    closers.push(await make());
  }
  const found = await leaks.leftovers();
  for (const close of closers) await close();
  expect(found.map(({ test }) => test)).toEqual(Object.keys(MAKERS));
  for (const { kind, frames, test } of found) {
    expect(test).toMatch(new RegExp(`^${kind}`));
    expect(frames[0]).toContain("detect-leaks.test.ts");
  }
  await leaks.assertNone();
});

test("a connection is reported at both ends, the accepted one where the server was made", async () => {
  const leaks = detectLeaks();
  const server = await listening();
  const accepted = once(server, "connection");
  const client = connect((server.address() as { port: number }).port);
  const [connection] = await accepted;
  server.close();
  const found = await leaks.leftovers();
  client.destroy();
  connection.destroy();
  expect(found.map(({ kind }) => kind)).toEqual(["socket", "socket"]);
  expect(found.every(({ frames }) => frames[0]?.includes("detect-leaks.test.ts"))).toBe(true);
  await leaks.assertNone();
});

test("a server whose address Node looks up first is reported with its test, though its place is unknown", async () => {
  const leaks = detectLeaks({ testName: () => "this test" });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const error = await leaks.assertNone().catch(String);
  server.close();
  expect(error).toContain('server, created in "this test"');
});

test("what lets the process end, fires or closes by itself is no leak", async () => {
  const leaks = detectLeaks();
  setTimeout(() => {}, FOREVER).unref();
  setInterval(() => {}, FOREVER).unref();
  setTimeout(() => {}, 30);
  new MessageChannel();
  new Worker("", { eval: true });
  const background = new Worker("setInterval(() => {}, 1000)", { eval: true });
  background.unref();
  spawn(process.execPath, ["--version"], { stdio: "ignore" });
  (await listening()).close();
  const reused = setTimeout(() => {}, 1);
  reused.refresh();
  await leaks.assertNone();
  await background.terminate();
});

test("a fired timer that is started again is a leak", async () => {
  const leaks = detectLeaks();
  const timer = setTimeout(() => {}, 1_500);
  timer.refresh();
  const found = await leaks.leftovers();
  clearTimeout(timer);
  expect(found).toMatchObject([{ kind: "timer" }]);
  await leaks.assertNone();
});

test("two things of one line are two, among thousands that have gone", async () => {
  const leaks = detectLeaks();
  const timers = Array.from({ length: 5_000 }, () => setTimeout(() => {}, FOREVER));
  for (const timer of timers.slice(2)) clearTimeout(timer);
  for (let i = 0; i < 5_000; i++) clearTimeout(setTimeout(() => {}, FOREVER));
  const found = await leaks.leftovers();
  for (const timer of timers) clearTimeout(timer);
  expect(found.length).toBe(2);
  await leaks.assertNone();
});

test("the error names each thing, its place and what to do", async () => {
  const leaks = detectLeaks({ testName: () => "suite > case" });
  const timer = setTimeout(() => {}, FOREVER);
  const error = await leaks.assertNone().catch((e: unknown) => e);
  clearTimeout(timer);
  expect(error).toMatchObject({ code: "resources-leaked", data: { kinds: ["timer"] } });
  expect(String(error)).toContain('timer, created in "suite > case": clear it with clearTimeout, or unref it\n    ');
  expect(String(error)).toContain("detect-leaks.test.ts:");
});

test("a test's fake timers neither hide a leak nor stop the wait", async () => {
  const leaks = detectLeaks();
  const timer = setTimeout(() => {}, FOREVER);
  vi.useFakeTimers();
  setTimeout(() => {}, FOREVER);
  const found = await leaks.leftovers();
  vi.useRealTimers();
  clearTimeout(timer);
  expect(found).toMatchObject([{ kind: "timer" }]);
  await leaks.assertNone();
});

test("after the end nothing is watched", async () => {
  const leaks = detectLeaks();
  await leaks.assertNone();
  const timer = setTimeout(() => {}, FOREVER);
  const found = await leaks.leftovers();
  clearTimeout(timer);
  expect(found).toEqual([]);
});
