// One measured case in a process of its own. Usage: node case.mjs <project> <lanes|lanes+store|engine> <fan-out|chain|behind|graph> <n>
// Prints { ms, rows, distinct, peakMiB } as JSON. `ms` is the wall time from start to the last result.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { decodeValue, encodeValue, idempotencyKey, rootPath, stepKey } from "@millrace/core";
import { memoryStore, openEngine, openSqliteStore, ownerInfo, threadExecutor } from "@millrace/runtime";
import { randomEdges } from "./random-edges.mjs";

const THREADS = 2;
/** How long facts gather that are committed behind, ms: what the engine promises. */
const GATHER_MS = 10;
/** Jobs pushed to a lane at once. */
const BATCH = 256;

const [cwd, what, shape, count] = process.argv.slice(2);
const n = Number(count);
const flow = { chain: "Chain", behind: "ChainBehind", "fan-out": "FanOut", graph: "graph" }[shape];
/** For each node those that wait for it, and of how many it waits: of a chain, of a graph, or of none. */
const { after, waitsFor } = dependants();
const state = join(cwd, ".flow");
const manifest = JSON.parse(readFileSync(join(state, "manifest.json"), "utf8"));

const result = what === "engine" ? await engine() : await bare();
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ ...result, peakMiB }));

async function engine() {
  const store = await openSqliteStore({ dir: state });
  const engine = await openEngine({ cwd, threads: THREADS, observers: [], store });
  const begun = performance.now();
  const run = shape === "graph" ? engine.start(jobGraph()) : engine.start(flow, { n });
  const result = await run.result();
  const ms = performance.now() - begun;
  const distinct = shape === "graph" ? run.totals.succeeded : result;
  await engine.close();
  const rows = await settledRows(store, run.id);
  await store.close();
  return { ms, rows, distinct };
}

/** A loop over the same lanes and, if asked, the same store: the least that any engine on them has to do. */
async function bare() {
  const store = what === "lanes" ? memoryStore() : await openSqliteStore({ dir: state });
  const executor = threadExecutor({ threads: THREADS });
  const run = `bare-${randomUUID()}`;
  const lease = await store.acquire(run, ownerInfo("bare"));
  const task = manifest.tasks.Noop;
  const module = pathToFileURL(join(state, "build", manifest.build, task.module)).href;
  const seen = new Set();
  let seq = 0;
  let facts = [];
  let scheduled = false;
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  const append = (fact) => {
    facts.push({ ...fact, seq: ++seq, at: Date.now() });
    if (what === "lanes") return delivered(taken());
    if (shape === "behind") setImmediate(() => delivered([fact]));
    if (scheduled) return;
    scheduled = true;
    if (shape === "behind") setTimeout(commit, GATHER_MS);
    else setImmediate(commit);
  };
  const taken = () => {
    const group = facts;
    facts = [];
    return group;
  };
  const commit = async () => {
    scheduled = false;
    const group = taken();
    if (group.length > 0) await store.append([{ run, epoch: lease.epoch, facts: group }]);
    if (shape !== "behind") delivered(group);
  };
  const delivered = (group) => {
    const ready = [];
    for (const fact of group) {
      if (!fact.value) continue;
      const x = decodeValue(fact.value.read());
      seen.add(x);
      for (const next of after[x]) if (--waitsFor[next] === 0) ready.push(next);
    }
    issue(ready);
    if (seen.size === n) finish();
  };
  const bytes = (data) => ({ size: data.byteLength, read: () => data });
  const params = new Map();
  const on = (events) => {
    for (const event of events) {
      if (event.type !== "settled") continue;
      const key = stepKey(rootPath(flow), `${flow}.run#Noop`, event.id);
      append({
        kind: "step-settled",
        key,
        site: `${flow}.run#Noop`,
        node: "Noop",
        body: flow,
        task: "Noop",
        identity: key,
        state: "succeeded",
        source: "ran",
        attempts: 1,
        readyAt: begun,
        startedAt: event.startedAt,
        endedAt: event.endedAt,
        params: bytes(params.get(event.id)),
        value: bytes(event.outcome.value),
      });
    }
  };
  const lanes = Array.from({ length: THREADS }, () => executor.openLane(on));
  const push = (lane, xs) => {
    lane.push(
      xs.map((x) => {
        const key = stepKey(rootPath(flow), `${flow}.run#Noop`, x);
        params.set(x, encodeValue({ x }));
        return {
          id: x,
          run,
          key,
          node: "Noop",
          identity: key,
          task: "Noop",
          module,
          exportName: task.exportName,
          params: params.get(x),
          attempt: 1,
          attempts: 1,
          restarted: false,
          idempotencyKey: idempotencyKey(run, key),
          graceMs: 1000,
        };
      }),
    );
  };
  let turn = 0;
  /** In batches, to the lanes in turn; what is less than a batch is shared out. */
  const issue = (xs) => {
    const size = Math.min(BATCH, Math.ceil(xs.length / THREADS));
    for (let i = 0; i < xs.length; i += size) push(lanes[turn++ % THREADS], xs.slice(i, i + size));
  };
  const begun = performance.now();
  append({ kind: "run-started", flow, build: manifest.build, params: bytes(encodeValue({})), seed: "" });
  issue(waitsFor.flatMap((count, x) => (count === 0 ? [x] : [])));
  await finished;
  if (what !== "lanes") await commit();
  const ms = performance.now() - begun;
  const rows = what === "lanes" ? 0 : await settledRows(store, run);
  await Promise.all(lanes.map((lane) => lane.close()));
  await executor.close();
  await store.close();
  return { ms, rows, distinct: seen.size };
}

function dependants() {
  const after = Array.from({ length: n }, () => []);
  const waitsFor = new Array(n).fill(0);
  const edges =
    shape === "graph"
      ? randomEdges(n)
      : shape === "chain" || shape === "behind"
        ? after.slice(1).map((_, i) => [i, i + 1])
        : [];
  for (const [from, to] of edges) {
    after[from].push(to);
    waitsFor[to]++;
  }
  return { after, waitsFor };
}

/** The same graph as a document. */
function jobGraph() {
  const nodes = after.map((_, x) => ({ id: `n${x}`, run: { task: "Noop" }, params: { x: { value: x } } }));
  const edges = after.flatMap((tos, from) => tos.map((to) => ({ from: `n${from}`, to: `n${to}` })));
  return { version: 1, name: "graph", nodes, edges };
}

async function settledRows(store, run) {
  let rows = 0;
  for await (const fact of store.read(run)) if (fact.kind === "step-settled") rows++;
  return rows;
}
