// One measured case of real work in a process of its own. Usage: node work-case.mjs <project> <spins|bareSpins|mix|start|whole|least|memory|bare> <threads> <parameters as JSON>
// Prints a JSON object; what it holds stands at each case.
import { join } from "node:path";

// Not for cases that do without.
const { openEngine } = ["bareSpins", "least", "bare"].includes(process.argv[3])
  ? {}
  : await import("@millrace/runtime");
const [cwd, what, threads, given] = process.argv.slice(2);
const params = JSON.parse(given);
const CASES = { spins, bareSpins, mix, start, whole, least, memory, bare };
console.log(JSON.stringify(await CASES[what]()));
process.exit();

/** `ms`: of all steps, threads warm; `ownMs`: of the tasks' own time, all together; `eachMs`: of the median one. */
async function spins() {
  const engine = await openEngine({ cwd, threads: Number(threads), observers: [] });
  await engine.start("Spins", { n: 2 * Number(threads), rounds: 1 }).result();
  const own = [];
  const begun = performance.now();
  const run = engine.start("Spins", params);
  for await (const event of run.events()) if (event.type === "step-settled") own.push(event.durationMs);
  const ms = performance.now() - begun;
  await engine.close();
  own.sort((a, b) => a - b);
  return { ms, ownMs: own.reduce((sum, each) => sum + each), eachMs: own[own.length >> 1] };
}

/** `ms`: of the same computation in threads without an engine, warm. */
async function bareSpins() {
  const { Piscina } = await import("piscina");
  const size = { minThreads: Number(threads), maxThreads: Number(threads) };
  const pool = new Piscina({ filename: new URL("spin-worker.mjs", import.meta.url).href, ...size });
  const all = (n, rounds) => Promise.all(Array.from({ length: n }, (_, x) => pool.run({ x, rounds })));
  await all(2 * Number(threads), 1);
  const begun = performance.now();
  await all(params.n, params.rounds);
  return { ms: performance.now() - begun };
}

/** `ms`: of all steps, threads warm. */
async function mix() {
  const engine = await openEngine({ cwd, threads: Number(threads), observers: [] });
  await engine.start("Mix", { ...params, spins: 1, waits: 4 * Number(threads), ms: 1 }).result();
  const begun = performance.now();
  await engine.start("Mix", params).result();
  const ms = performance.now() - begun;
  await engine.close();
  return { ms };
}

/** Nothing but the first committed result; the process is timed as a whole. */
async function start() {
  const engine = await openEngine({ cwd, threads: Number(threads), observers: [] });
  await engine.start("FanOut", { n: 1 }).result();
  return {};
}

/** The same, and everything closed. */
async function whole() {
  const engine = await openEngine({ cwd, threads: Number(threads), observers: [] });
  await engine.start("FanOut", { n: 1 }).result();
  await engine.close();
  return {};
}

/** What an engine on these libraries cannot do without: one thread that answers, and one commit, side by side. */
async function least() {
  const { Piscina } = await import("piscina");
  const pool = new Piscina({ filename: new URL("empty-worker.mjs", import.meta.url).href, maxThreads: 1 });
  const answer = pool.run(1);
  const { default: Database } = await import("libsql");
  const database = new Database(join(cwd, "least.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS t (x)");
  database.exec("INSERT INTO t VALUES (1)");
  await answer;
  return {};
}

/** `warm`: MiB that a script holds with the engine's libraries alone, and threads that have worked. */
async function bare() {
  const { Piscina } = await import("piscina");
  await import("msgpackr");
  await import("libsql");
  const size = { minThreads: Number(threads), maxThreads: Number(threads) };
  const pool = new Piscina({ filename: new URL("bare-worker.mjs", import.meta.url).href, ...size });
  await Promise.all(Array.from({ length: 2 * Number(threads) }, (_, x) => pool.run(x)));
  return { warm: process.memoryUsage().rss / 2 ** 20 };
}

/** MiB that the process holds: `idle` with the engine open, `warm` with threads that have worked, and `peak` of a fan-out. */
async function memory() {
  const held = () => process.memoryUsage().rss / 2 ** 20;
  const engine = await openEngine({ cwd, threads: Number(threads), observers: [] });
  const idle = held();
  await engine.start("FanOut", { n: 2 * Number(threads) }).result();
  const warm = held();
  const begun = performance.now();
  await engine.start("FanOut", params).result();
  const ms = performance.now() - begun;
  return { idle, warm, peak: process.resourceUsage().maxRSS / 1024, ms };
}
