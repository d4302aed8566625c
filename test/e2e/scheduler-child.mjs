// Runs a scheduler as an application does, with threads and SQLite: tells each change, then prints its outcome.
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openEngine } from "millrace/engine";
import { Job, Scheduler, shared } from "millrace/jobs";

const [, , file] = process.argv;
const { build } = JSON.parse(readFileSync(".flow/manifest.json", "utf8"));
const { trying, waitFor } = await import(pathToFileURL(join(".flow/build", build, "src/functions.mjs")).href);
const note = (line) => appendFileSync(process.env.E2E_JOURNAL, `${line}\n`);

const link = shared(
  () => ({ measure: (text) => text.length }),
  () => note("closed"),
);
const first = new Job(trying, { failures: 1, word: "hello" }, { label: "first" });
const local = new Job(
  async ({ params, use }) => {
    note("local");
    return (await use(link)).measure(params.text);
  },
  { label: "local", params: { text: first.result }, uses: [link] },
);
const wait = new Job(waitFor, { file }, { label: "wait" }).requires(local);
const scheduler = new Scheduler(new Scheduler(first, local, wait, { label: "inner" }), { label: "outer" });

const engine = await openEngine({ threads: 2, observers: [] });
try {
  const onChange = ({ job, to }) => console.log(`${job.label} ${to}`);
  const outcome = await scheduler.run(engine, { id: "s", ifExists: "resume", onChange });
  const results = [first, local, wait].map((job) => outcome.of(job).value);
  console.log(JSON.stringify({ ok: outcome.ok, results, list: outcome.list() }));
} finally {
  await engine.close();
}
