// One whole run of the flow `Short`, told as it goes: a line `ack <key>` for each outcome that the engine has announced.
// Usage: node child.mjs <project> <run id>
import { writeSync } from "node:fs";
import { openEngine } from "millrace/engine";

const [cwd, id] = process.argv.slice(2);
const teller = {
  name: "teller",
  on(event) {
    if (event.type === "step-settled") writeSync(1, `ack ${event.step.key}\n`);
  },
};
const engine = await openEngine({ cwd, threads: 2, observers: [teller] });
await engine.start("Short", {}, { id }).result();
writeSync(1, "ack end\n");
await engine.close();
