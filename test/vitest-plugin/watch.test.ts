/** Watch mode: an edit is analysed before the tests run again, and a build never causes a run. */
import { expect, test } from "vitest";
import { COUNTING, vitestProject } from "./vitest-project.js";

test("a rerun sees the sites of the edited sources, also in modules that were not edited", async () => {
  using project = vitestProject({
    ...COUNTING,
    "src/second.ts": `
import type { Total } from "./total.js";
/** Reaches no step, at first. */
export async function second(flow: Total): Promise<number> {
  return flow.texts.length;
}
`,
    "src/total.ts": `
import { Flow, flow, param } from "millrace";
import { Count } from "./count.js";
import { second } from "./second.js";
@flow
export class Total extends Flow<number> {
  @param() texts!: string[];
  async run(): Promise<number> {
    return (await this.call(Count, { text: "" })) + (await second(this));
  }
}
`,
    "test/total.test.ts": `
import { test } from "vitest";
import { Total } from "../src/total.js";
import { sitesOf } from "./sites.js";
test("says its sites", async () => {
  const sites = await sitesOf(Object.assign(new Total(), { texts: [] }));
  console.error("run: " + sites.join(" ") + ".");
});
`,
  });
  const edit = (path: string, from: string, to: string): void =>
    project.write(path, project.read(path).replace(from, to));
  const vitest = project.watch();
  try {
    await vitest.says("run: Total.run#Count.");

    // The call in total.ts gets a frame, although its own text stays as it is.
    project.write(
      "src/second.ts",
      `
import { Count } from "./count.js";
import type { Total } from "./total.js";
export async function second(flow: Total): Promise<number> {
  return flow.call(Count, { text: "" });
}
`,
    );
    await vitest.says("run: Total.run#Count Total.run#second>second#Count@return.");

    edit("src/total.ts", "return (", "const more = await this.call(Count, {});\n    return more + (");
    await vitest.says("error param-missing");

    edit("src/total.ts", "Count, {})", 'Count, { text: "" })');
    await vitest.says("run: Total.run#Count@more Total.run#Count Total.run#second>second#Count@return.");
  } finally {
    vitest.kill("SIGTERM");
  }
  const { stderr } = await vitest.done;
  expect(stderr.match(/run: /g)).toHaveLength(3);
  expect(stderr.match(/error param-missing/g)).toHaveLength(1);
});
