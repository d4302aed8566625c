// One measured case in a process of its own. Usage: node case.mjs <project> <lanes|lanes+store|engine> <fan-out|chain> <n>
// Prints { ms, rows, distinct, peakMiB } as JSON. `ms` is the wall time from start to the last result.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { decodeValue, encodeValue, idempotencyKey, rootPath, stepKey } from "@millrace/core";
import { memoryStore, openEngine, openSqliteStore, ownerInfo, threadExecutor } from "@millrace/runtime";

const THREADS = 2;
/** Jobs pushed to a lane at once. */
const BATCH = 256;

const [cwd, what, shape, count] = process.argv.slice(2);
const n = Number(count);
const flow = shape === "chain" ? "Chain" : "FanOut";
const state = join(cwd, ".flow");
const manifest = JSON.parse(readFileSync(join(state, "manifest.json"), "utf8"));

const result = what === "engine" ? await engine() : await bare();
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ ...result, peakMiB }));

async function engine() {
  const store = await openSqliteStore({ dir: state });
  const engine = await openEngine({ cwd, threads: THREADS, observers: [], store });
  const begun = performance.now();
  const run = engine.start(flow, { n });
  const distinct = await run.result();
  const ms = performance.now() - begun;
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
    if (what === "lanes") return delivered();
    if (scheduled) return;
    scheduled = true;
    setImmediate(commit);
  };
  const commit = async () => {
    scheduled = false;
    await store.append([{ run, epoch: lease.epoch, facts }]);
    delivered();
  };
  const delivered = () => {
    const group = facts;
    facts = [];
    for (const fact of group) if (fact.value) seen.add(decodeValue(fact.value.read()));
    if (shape === "chain" && seen.size > 0 && seen.size < n) push(lanes[0], [seen.size]);
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
  const begun = performance.now();
  append({ kind: "run-started", flow, build: manifest.build, params: bytes(encodeValue({})), seed: "" });
  if (shape === "chain") push(lanes[0], [0]);
  else
    for (let i = 0; i < n; i += BATCH)
      push(
        lanes[(i / BATCH) % THREADS],
        Array.from({ length: Math.min(BATCH, n - i) }, (_, j) => i + j),
      );
  await finished;
  const ms = performance.now() - begun;
  const rows = what === "lanes" ? 0 : await settledRows(store, run);
  await Promise.all(lanes.map((lane) => lane.close()));
  await executor.close();
  await store.close();
  return { ms, rows, distinct: shape === "chain" ? n : seen.size };
}

async function settledRows(store, run) {
  let rows = 0;
  for await (const fact of store.read(run)) if (fact.kind === "step-settled") rows++;
  return rows;
}
