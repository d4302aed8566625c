// One measured case in a process of its own. Usage: node payload-case.mjs <project> <transfer|copy|ref|result> <bytes>
// Prints { ms, blockedMs, queuedMs, workedMs } as JSON: time under way; the longest time in which the main thread's event loop did not turn, and for
// how much of that it waited for a processor; the most processor time that a turn of it took (the latter two on Linux). What is missing to the
// longest time, it waited for a disk.
import { once } from "node:events";
import { openSync, readSync } from "node:fs";
import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { openEngine, openSqliteStore } from "@millrace/runtime";

const ROUNDS = 5;
const [cwd, what, count] = process.argv.slice(2);
const size = Number(count);
const schedule = process.platform === "linux" ? openSync(`/proc/self/task/${process.pid}/schedstat`) : undefined;
const text = Buffer.alloc(64);
const cell = new Int32Array(new SharedArrayBuffer(4));

console.log(JSON.stringify(what === "ref" || what === "result" ? await engine() : await bare()));

async function engine() {
  const store = await openSqliteStore({ dir: join(cwd, ".flow") });
  const engine = await openEngine({ cwd, threads: 2, observers: [], store });
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const seed = process.pid * 16 + round;
    const stop = watchLoop();
    const ms = await engine.start(what === "ref" ? "ByRef" : "ByResult", { size, seed }).result();
    rounds.push({ ms, ...stop() });
  }
  await engine.close();
  await store.close();
  return medians(rounds.slice(1));
}

/** Turns the loop without a pause and gives the longest turn by the clock, and by the processor, ms. */
function watchLoop() {
  let blockedMs = 0;
  let queuedMs = 0;
  let workedMs = 0;
  let spent = account();
  let going = true;
  let last = performance.now();
  const turn = () => {
    const now = performance.now();
    const used = account();
    if (now - last > blockedMs) {
      blockedMs = now - last;
      queuedMs = used.queuedMs - spent.queuedMs;
    }
    workedMs = Math.max(workedMs, used.workedMs - spent.workedMs);
    last = performance.now();
    spent = used;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    going = false;
    return schedule === undefined ? { blockedMs, queuedMs: null, workedMs: null } : { blockedMs, queuedMs, workedMs };
  };
}

/** How long the main thread has worked so far, and waited for a processor, ms; 0 where the system does not tell. */
function account() {
  if (schedule === undefined) return { workedMs: 0, queuedMs: 0 };
  // Linux brings the account of a thread up to date when it lets go of the processor, and else with a tick of 1 to 10 ms.
  Atomics.wait(cell, 0, 0, 0.01);
  readSync(schedule, text, 0, text.length, 0);
  const [workedMs, queuedMs] = text.toString("latin1").split(" ");
  return { workedMs: Number(workedMs) / 1e6, queuedMs: Number(queuedMs) / 1e6 };
}

/** Two workers with a port between them. */
async function bare() {
  const taker = new Worker(
    `const { parentPort } = require("node:worker_threads");
     const now = () => performance.timeOrigin + performance.now();
     parentPort.once("message", (port) => port.on("message", ({ made, bytes }) => parentPort.postMessage(now() - made + bytes[0] * 0)));`,
    { eval: true },
  );
  const maker = new Worker(
    `const { parentPort } = require("node:worker_threads");
     const now = () => performance.timeOrigin + performance.now();
     parentPort.once("message", (port) => parentPort.on("message", (size) => {
       const bytes = new Uint8Array(size).fill(7);
       port.postMessage({ made: now(), bytes }, ${what === "transfer"} ? [bytes.buffer] : []);
     }));`,
    { eval: true },
  );
  const { port1, port2 } = new MessageChannel();
  taker.postMessage(port1, [port1]);
  maker.postMessage(port2, [port2]);
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    maker.postMessage(size);
    const [ms] = await once(taker, "message");
    rounds.push({ ms, blockedMs: null, queuedMs: null, workedMs: null });
  }
  await Promise.all([maker.terminate(), taker.terminate()]);
  return medians(rounds.slice(1));
}

function medians(rounds) {
  const median = (field) => rounds.map((round) => round[field]).sort((a, b) => a - b)[rounds.length >> 1];
  const fields = ["ms", "blockedMs", "queuedMs", "workedMs"];
  return Object.fromEntries(fields.map((field) => [field, median(field)]));
}
