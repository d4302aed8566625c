/** An app in production: starts the run of the given id, or goes on with it, and prints its result. */
import { openEngine } from "millrace/engine";

const [id, cities] = process.argv.slice(2);
const engine = await openEngine();
const run = cities ? engine.start("CityReport", { cities: cities.split(",") }, { id }) : await engine.resume(id);
for await (const event of run.events()) if (event.type === "step-settled") console.log(event.step.key, event.state);
console.log(await run.result(), JSON.stringify(run.totals));
await engine.close();
