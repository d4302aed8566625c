/** A CommonJS app: TypeScript turns these imports into `require`, which loads ES modules from Node 20.19 on. */
import { openEngine } from "millrace/engine";
import { CityReport } from "./flows/city-report.js";

async function main(): Promise<void> {
  const engine = await openEngine();
  const byName: string = await engine.start("CityReport", { cities: ["Oslo"] }).result();
  const byClass: string = await engine.start(CityReport, { cities: ["Bergen"] }).result();
  console.log(`${byName}, ${byClass}`);
  await engine.close();
}

void main();
