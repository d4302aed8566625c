// One measured case in a process of its own. Usage: node payload-case.mjs <project> <transfer|copy|ref|result> <bytes>
// Prints { ms, blockedMs, workedMs } as JSON: time under way, the longest time in which the main thread's event loop did not turn, and the
// most processor time that a turn of it took (on Linux): what is missing to the former, it waited for a disk or for a processor.
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
  let workedMs = 0;
  let spent = processorMs();
  let going = true;
  let last = performance.now();
  const turn = () => {
    const now = performance.now();
    const used = processorMs();
    blockedMs = Math.max(blockedMs, now - last);
    workedMs = Math.max(workedMs, used - spent);
    last = now;
    spent = used;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    going = false;
    return { blockedMs, workedMs: processorMs() === 0 ? null : workedMs };
  };
}

/** Processor time of the main thread so far, ms; 0 where the system does not tell. */
function processorMs() {
  if (schedule === undefined) return 0;
  readSync(schedule, text, 0, text.length, 0);
  return Number.parseInt(text.toString("latin1"), 10) / 1e6;
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
    rounds.push({ ms, blockedMs: null, workedMs: null });
  }
  await Promise.all([maker.terminate(), taker.terminate()]);
  return medians(rounds.slice(1));
}

function medians(rounds) {
  const median = (field) => rounds.map((round) => round[field]).sort((a, b) => a - b)[rounds.length >> 1];
  return { ms: median("ms"), blockedMs: median("blockedMs"), workedMs: median("workedMs") };
}
