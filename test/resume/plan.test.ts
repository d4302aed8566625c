/** `flow plan`: what a resume would do, with the reason for each call, down to symbol and line. */
import type { PlanDocument, WhyDocument } from "@millrace/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EditedFlow } from "./edited-flow.js";

let flow: EditedFlow;
beforeAll(async () => {
  flow = await EditedFlow.make();
  await flow.build();
  await flow.fail("r");
});
afterAll(() => flow.project.remove());

/** Node, verdict and reason of each call. */
async function plan(...args: readonly string[]): Promise<readonly string[]> {
  const { steps } = (await flow.project.flow("plan", ...args, "--json")).json<PlanDocument>();
  return steps.map(({ node, verdict, because }) => `${node} ${verdict}: ${because}`);
}

const KEPT = "restored: on record with the same code and parameters";

test("without an edit only what failed runs", async () => {
  expect(await plan("r")).toEqual([
    `Fetch ${KEPT}`,
    `Fetch~2 ${KEPT}`,
    `Sum ${KEPT}`,
    `Note ${KEPT}`,
    `Note~2 ${KEPT}`,
    `Note~3 ${KEPT}`,
    `Note~3 ${KEPT}`,
    `Sum~2 ${KEPT}`,
    "Inner runs: it failed before and is tried again",
    `Sum ${KEPT}`,
    "Gate runs: it failed before and is tried again",
  ]);
});

test("code and parameters that changed are named; what depends on them is unknown, what follows in time is not", async () => {
  flow.edit([
    ['{ text: "two" }', '{ text: "2" }'],
    ['await this.call(Fetch, { city: "Bergen" })', 'await this.call(Fetch, { city: "Bodø" })'],
  ]);
  const tasks = flow.project.read("src/tasks.ts");
  flow.project.write("src/tasks.ts", tasks.replace("return this.left + this.right;", "return this.right + this.left;"));
  const because = (cause: string): string => `unknown: it depends on ${cause}, which runs`;
  expect(await plan("Report")).toEqual([
    `Fetch ${KEPT}`,
    'Fetch~2 runs: city changed: "Bergen" → "Bodø"',
    `Sum ${because("Fetch~2")}`,
    `Note ${KEPT}`,
    'Note~2 runs: text changed: "two" → "2"',
    `Note~3 ${KEPT}`,
    `Note~3 ${KEPT}`,
    `Sum~2 ${because("Fetch~2")}`,
    `Inner ${because("Fetch~2")}`,
    `Sum ${because("Fetch~2")}`,
    `Gate ${because("Fetch~2")}`,
  ]);
  flow.edit([]);
  flow.project.write("src/tasks.ts", tasks.replace("return this.left + this.right;", "return this.right + this.left;"));
  expect((await plan()).find((line) => line.startsWith("Sum "))).toMatch(
    /^Sum runs: src\/tasks\.ts:\d+ Sum\.run was changed$/,
  );
});

test("it is shown as a table, and writes nothing into the record", async () => {
  const before = (await flow.project.flow("show", "r", "--json")).stdout;
  const { stdout, code } = await flow.project.flow("plan", "r");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Report r {2}\d+ restored, \d+ to run, \d+ unknown\nSTEP +VERDICT +BECAUSE\nFetch +restored +on record/,
  );
  expect((await flow.project.flow("show", "r", "--json")).stdout).toBe(before);
});

test("records that nothing asks for are named, unless a call that is unknown may ask for them", async () => {
  const orphans = async (): Promise<readonly string[]> => (await flow.plan("r")).orphans;
  const note = 'await this.call(Note, { text: "one" });';
  flow.edit([[note, ""]]);
  await flow.build();
  expect(await orphans()).toEqual(["Report/Report.run#Note/0"]);
  flow.edit([
    [note, ""],
    ["city: this.city", 'city: "Bodø"'],
  ]);
  await flow.build();
  expect(await orphans()).toEqual([]);
  flow.edit([]);
  await flow.build();
});

test("a loop that waits for what no record tells ends the plan, not the other way round", async () => {
  const note = 'await this.call(Note, { text: "two" });';
  flow.edit([
    [
      note,
      `${note}\n    while ((await this.call(Note, { text: "more" })) !== "enough") await this.call(Note, { text: "on" });`,
    ],
  ]);
  const lines = await plan("r");
  expect(lines.filter((line) => line === "Note~3 runs: nothing is on record for it")).toHaveLength(1);
  expect(lines).toContain("Note~3 unknown: it depends on Note~3, which runs");
  flow.edit([]);
});

test("a call that is still held when the body fails never begins, so that it does not run", async () => {
  const note = 'await this.call(Note, { text: "two" });';
  flow.edit([
    [
      note,
      `const early = this.call(Note, { text: "early" });\n    if (this.city.length > 0) throw new Error("stop");\n    await early;\n    ${note}`,
    ],
  ]);
  await flow.build();
  expect((await flow.plan("r")).steps.map(({ verdict }) => verdict)).not.toContain("runs");
  flow.edit([]);
  await flow.build();
});

test("what cannot be planned is refused by name", async () => {
  expect(await flow.project.flow("plan", "q")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no run "q"'),
  });
  expect((await flow.project.flow("plan", "Inner")).stderr).toContain("Inner has no run to plan");
});

test("afterwards `flow why` says the same of the run, and of one step", async () => {
  flow.edit([['{ text: "two" }', '{ text: "2" }']]);
  await flow.build();
  expect((await flow.resume("r")).ran).toEqual(["Note 2"]);
  const { steps, resumes } = (await flow.project.flow("why", "r", "--json")).json<WhyDocument>();
  expect(resumes).toBe(1);
  const told = steps.map(({ node, source, because }) => `${node} ${source}: ${because}`).sort();
  expect(told).toEqual(
    [
      `Fetch ${KEPT}`,
      `Fetch~2 ${KEPT}`,
      `Sum ${KEPT}`,
      `Note ${KEPT}`,
      'Note~2 ran: text changed: "two" → "2"',
      `Note~3 ${KEPT}`,
      `Note~3 ${KEPT}`,
      `Sum~2 ${KEPT}`,
      "Inner ran: it failed before and is tried again",
      `Sum ${KEPT}`,
      "Gate ran: it failed before and is tried again",
    ].sort(),
  );
  const { stdout } = await flow.project.flow("why", "r", "Note~2");
  expect(stdout).toMatch(/^Report r {2}1 resume\nSTEP +SOURCE +BECAUSE\nNote~2 +ran +text changed: "two" → "2"\n$/);
  expect(await flow.project.flow("why", "r", "Nott")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Run r has no step "Nott".'),
  });
});
