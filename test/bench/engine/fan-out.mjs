// What the engine costs over the least that its own lanes and store allow, in one run: 10,000 distinct no-op steps in a map,
// a chain of 1,000, the same committed behind, and a random job graph of 2,000. Each case runs in a process of its own, the cases in turn; medians of 5.
// Run with `npm run bench`; names of shapes (`npm run bench graph`) run these alone.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { withBenchProject } from "./bench-project.mjs";

const ROUNDS = 5;
const CASES = ["lanes", "lanes+store", "engine"];
/** Steps of each shape. */
const SHAPES = { "fan-out": 10_000, chain: 1_000, behind: 1_000, graph: 2_000 };

await withBenchProject((folder) => {
  const wanted = process.argv.slice(2);
  for (const [shape, n] of Object.entries(SHAPES))
    if (wanted.length === 0 || wanted.includes(shape)) measure(folder, shape, n);
});

function measure(folder, shape, n) {
  const runs = new Map(CASES.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of CASES) runs.get(name).push(once(folder, name, shape, n));
  }
  console.log(`\n${shape} of ${n.toLocaleString("en")} distinct no-op steps, 2 threads, medians of ${ROUNDS}`);
  const median = (name, field) =>
    runs
      .get(name)
      .map((r) => r[field])
      .sort((a, b) => a - b)[ROUNDS >> 1];
  for (const name of CASES) {
    const ms = median(name, "ms");
    console.log(
      `  ${name.padEnd(12)} ${ms.toFixed(0).padStart(6)} ms  ${Math.round((n / ms) * 1000)
        .toLocaleString("en")
        .padStart(9)} steps/s` +
        `  ${String(median(name, "rows")).padStart(6)} rows  peak ${median(name, "peakMiB")} MiB`,
    );
  }
  const [lanes, store, engine] = CASES.map((name) => median(name, "ms"));
  console.log(
    `  where the engine's time goes: lanes ${share(lanes, engine)}, store ${share(store - lanes, engine)}, ` +
      `bodies, identities, events and delivery ${share(engine - store, engine)}`,
  );
  console.log(`  speed against the bare loop over the same lanes and store: ${(store / engine).toFixed(2)} ×`);
}

function once(folder, name, shape, n) {
  const text = execFileSync(process.execPath, [join(import.meta.dirname, "case.mjs"), folder, name, shape, String(n)], {
    encoding: "utf8",
  });
  const result = JSON.parse(text);
  const rows = name === "lanes" ? 0 : n;
  if (result.rows !== rows || result.distinct !== n)
    throw new Error(`${name}: ${result.rows} rows, ${result.distinct} results`);
  return result;
}

function share(part, whole) {
  return `${Math.round((Math.max(0, part) / whole) * 100)} %`;
}
