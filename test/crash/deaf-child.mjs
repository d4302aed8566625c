// An engine whose steps are busy is told to stop: by cancelling the run, or by closing the engine. Prints a StopReport (cancellation.test.ts,
// owners.test.ts) as JSON, ends with its input, and never calls process.exit: whatever is left behind keeps it alive.
import { readdirSync, readlinkSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { openEngine } from "millrace/engine";

const { flow, params, id, stop, begun } = JSON.parse(process.argv[2]);
// Node opens these when they are first asked for, by whoever starts a thread at the latest.
void [process.stdout, process.stderr];
const before = await resources();
const engine = await openEngine({ threads: 8 });
const run = engine.start(flow, params, { id });
let lines = 0;
if (begun > 0) for await (const event of run.events()) if (event.type === "log" && ++lines === begun) break;
const asked = performance.now();
if (stop === "cancel") await run.cancel("the test has seen enough");
const cancelled = { ms: Math.round(performance.now() - asked), workers: workers(), files: files() };
await engine.close();
const closed = { ms: Math.round(performance.now() - asked), workers: workers(), files: files() };
const { status, reason } = await run.outcome();
const after = await resources();
console.log(JSON.stringify({ outcome: { status, reason }, cancelled, closed, resources: { before, after } }));
process.stdin.resume();

function workers() {
  return process.report.getReport().workers.length;
}

/** Open files of the project, without the database, which libsql keeps until its statements are collected. */
function files() {
  const links = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return links.filter((link) => link.startsWith(process.cwd()) && !/state\.db(-\w+)?$/.test(link)).sort();
}

/** What keeps the process alive, once what was just closed has left the event loop. */
async function resources() {
  for (let i = 0; i < 3; i++) await turn();
  return process
    .getActiveResourcesInfo()
    .filter((name) => name !== "Immediate")
    .sort();
}
