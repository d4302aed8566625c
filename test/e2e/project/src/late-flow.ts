/** Flows whose modules fail to load where and how `E2E_MODULE` says. */
import { Flow, flow } from "millrace";
import { Late } from "./late.js";
import { Steady } from "./steady.js";

const fault = process.env.E2E_MODULE;
if (fault === "flow throws") throw new Error("no settings found");
if (fault === "flow waits") await new Promise(() => {});

@flow
export class Tardy extends Flow<string> {
  async run(): Promise<string> {
    const before = await this.call(Steady, { label: "before" });
    const late = await this.call(Late, { label: "late" }, { timeout: 500, grace: 100 });
    return `${before}, ${late}`;
  }
}
