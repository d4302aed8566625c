/** The flow spec, ticked in this process, with a handler of its own for what the engine would run as tasks. Between ticks it is text. */
import { readFile } from "node:fs/promises";
import { flowFromJson, flowSpecToFlow, runUntilDone, tickFlow } from "millrace/jobs";

const spec = JSON.parse(await readFile(new URL("../jobs/total.spec.json", import.meta.url), "utf8"));
const work = {
  Fetch: ({ count }) => Array.from({ length: count }, (_, i) => (i + 1) ** 2),
  Total: ({ numbers }) => numbers.reduce((sum, n) => sum + n, 0),
};
const handlers = {
  task: ({ params, data }) => {
    data.result = work[params.task](params.params);
  },
};

const flow = flowSpecToFlow(spec);
await tickFlow(flow, { handlers });
const again = flowFromJson(JSON.stringify(flow));
await runUntilDone(again, { handlers });
console.log(again.status, "after", again.ticks, "ticks");
