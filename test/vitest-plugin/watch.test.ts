/** Watch mode: an edit is analysed before the tests run again, and a build never causes a run. */
import type { FinishedCommand, RunningCommand, TestProject } from "@millrace/testing";
import { expect, test } from "vitest";
import { COUNTING, vitestProject, watchVitest } from "./vitest-project.js";

const SECOND = `
import type { Total } from "./total.js";
/** Reaches no step, at first. */
export async function second(flow: Total): Promise<number> {
  return flow.texts.length;
}
`;

/** A flow with a helper in another module, and a test that says what it sees of both and of the manifest. */
function watchedProject(): Promise<TestProject> {
  return vitestProject({
    ...COUNTING,
    "src/second.ts": SECOND,
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
import manifest from "../.flow/manifest.json";
import { Total } from "../src/total.js";
import { sitesOf } from "./sites.js";
test("says its sites", async () => {
  const sites = await sitesOf(Object.assign(new Total(), { texts: [] }));
  console.error("run: " + sites.join(" ") + " of " + manifest.flows.Total.graph.nodes.length + ".");
});
`,
  });
}

/** Watches while `edit` edits, and gives what was said. */
async function watching(
  project: TestProject,
  edit: (vitest: RunningCommand) => Promise<void>,
): Promise<FinishedCommand> {
  const vitest = watchVitest(project);
  try {
    await vitest.line("run: Total.run#Count of 1.");
    await edit(vitest);
  } finally {
    vitest.kill("SIGTERM");
  }
  return vitest.done;
}

test("a rerun sees the sites of the edited sources, also in modules that were not edited", async () => {
  await using project = await watchedProject();
  const { stderr } = await watching(project, async (vitest) => {
    const edit = (body: string): void =>
      project.write(
        "src/second.ts",
        `import { Count } from "./count.js";${SECOND.replace("return flow.texts.length;", body)}`,
      );
    // The call in total.ts gets a frame, although its own text stays as it is.
    edit('return flow.call(Count, { text: "" });');
    await vitest.line("run: Total.run#Count Total.run#second>second#Count@return of 3.");

    edit('const one = await flow.call(Count, { text: "" }); return one;');
    await vitest.line("run: Total.run#Count Total.run#second>second#Count@one of 3.");
  });
  // The test imports the manifest, which each build writes anew.
  expect(stderr.match(/run: /g)).toHaveLength(3);
});

test("a build with errors fails the tests until it is mended", async () => {
  await using project = await watchedProject();
  const good = project.read("src/total.ts");
  const { stderr } = await watching(project, async (vitest) => {
    project.write("src/total.ts", good.replace('{ text: "" }', "{}"));
    await vitest.line("error param-missing");
    await vitest.line("The build that tests need found errors: src/total.ts:");

    project.write("src/total.ts", good.replace("return (", 'return (await this.call(Count, { text: "x" })) + ('));
    await vitest.line("run: Total.run#Count Total.run#Count~2 of 2.");
  });
  expect(stderr.match(/error param-missing/g)).toHaveLength(1);
});
