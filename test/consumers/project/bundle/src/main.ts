/** An app in one file: starts the flow by name, and by class, which has an `id` since a minifier renames it. */
import { openEngine } from "millrace/engine";
import { CityReport } from "./flows/city-report.js";

const engine = await openEngine();
console.log(await engine.start("CityReport", { cities: ["Oslo"] }).result());
console.log(await engine.start(CityReport, { cities: ["Bergen"] }).result());
await engine.close();
