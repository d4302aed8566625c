// What the commands that look at a run cost as it grows: wall time and peak memory of `flow runs`, `show`, `show --json`, `logs` and
// `resume`, over runs of which every step is on record. Usage: node test/bench/engine/records.mjs [steps …]; default 10,000 and
// 100,000. A million takes some minutes.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { STATE_PATHS } from "@millrace/core";
import { openEngine, openSqliteStore } from "@millrace/runtime";
import { withBenchProject } from "./bench-project.mjs";
import { writeRecord } from "./write-record.mjs";

const FLOW = resolve(import.meta.dirname, "../../../packages/cli/bin/flow.js");
/** Says at the end how much memory it took at most, KiB. */
const PEAK = "data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))";

const sizes = process.argv.slice(2).map(Number);

for (const n of sizes.length > 0 ? sizes : [10_000, 100_000]) {
  await withBenchProject(async (cwd, manifest) => {
    const id = await written(cwd, manifest, n);
    console.log(`\n${n.toLocaleString("en")} steps`);
    for (const args of [["runs"], ["show", id], ["show", id, "--json"], ["logs", id], ["resume", id, "--json"]]) {
      const { ms, peakMiB, bytes, code } = await measured(cwd, args);
      console.log(
        `  flow ${args
          .filter((word) => word !== id)
          .join(" ")
          .padEnd(14)} ${(ms / 1000).toFixed(1).padStart(7)} s  ` +
          `peak ${String(peakMiB).padStart(5)} MiB  prints ${(bytes / 2 ** 20).toFixed(1)} MiB${code === 0 ? "" : `  exit code ${code}`}`,
      );
    }
  });
}

/** A run of `n` steps in the project's store, each of which has left a line in the logs. */
async function written(cwd, manifest, n) {
  const dir = join(cwd, ".flow");
  const store = await openSqliteStore({ dir });
  const engine = await openEngine({ cwd, threads: 1, observers: [], store });
  const id = `run-${n}`;
  await writeRecord({ engine, store, manifest }, id, n);
  await engine.close();
  await store.close();
  const logs = join(dir, STATE_PATHS.runLogs(id));
  mkdirSync(logs, { recursive: true });
  const lines = Array.from({ length: n }, (_, i) => JSON.stringify({ at: i, level: "info", text: `line ${i}` }));
  writeFileSync(join(logs, "FanOut.jsonl"), `${lines.join("\n")}\n`);
  return id;
}

/** Runs the command to its end and forgets what it prints. */
async function measured(cwd, args) {
  const begun = performance.now();
  const child = spawn(process.execPath, ["--import", PEAK, FLOW, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let bytes = 0;
  let said = "";
  child.stdout.on("data", (data) => {
    bytes += data.length;
  });
  child.stderr.on("data", (data) => {
    said += data;
  });
  const code = await new Promise((done) => child.on("close", done));
  const peakMiB = Math.round(Number(/peak (\d+)/.exec(said)?.[1]) / 1024);
  return { ms: performance.now() - begun, peakMiB, bytes, code };
}
