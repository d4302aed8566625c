/** The flow spec, ticked in this process, with a handler for what the engine would run as tasks. Between ticks it is text. */
import { readFile } from "node:fs/promises";
import { flowFromJson, flowSpecToFlow, runUntilDone, tickFlow } from "millrace/jobs";
import { handlers } from "./handlers.mjs";

const spec = JSON.parse(await readFile(new URL("../jobs/total.spec.json", import.meta.url), "utf8"));
const flow = flowSpecToFlow(spec);
await tickFlow(flow, { handlers });
const again = flowFromJson(JSON.stringify(flow));
await runUntilDone(again, { handlers });
console.log(again.status, "after", again.ticks, "ticks");
