/** Jobs that require each other: functions of this program, and a command. Classes of tasks and flows stand where functions do. */
import { openEngine } from "millrace/engine";
import { Command, Job, Scheduler } from "millrace/jobs";

const engine = await openEngine();

const fetch = new Job(async () => [1, 4, 9, 16], { label: "fetch" });
const total = new Job(({ params }) => params.numbers.reduce((sum, n) => sum + n, 0), {
  label: "total",
  params: { numbers: fetch.result },
});
const say = new Command('echo "It is $TOTAL."', { env: { TOTAL: total.result } }, { label: "say" });
const monitor = new Job(({ signal }) => new Promise((resolve) => signal.addEventListener("abort", resolve)), {
  label: "monitor",
  forever: true,
});

const scheduler = new Scheduler(fetch, total, say, monitor, { window: 2, timeout: "1m" });
const outcome = await scheduler.run(engine);
console.log(outcome.list());
console.log(outcome.why(), outcome.result(say).stdout.trim());
await engine.close();
