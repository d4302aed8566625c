/**
 * Edits of a flow × where the calls of before stand after them, and what a run that failed before the edit does when it goes
 * on after it: what the task bodies wrote says which steps ran again.
 */
import { BuildAlignment, type Manifest, type RunView } from "@millrace/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALL, type Edit, EditedFlow } from "./edited-flow.js";

/** What differs from "every site of before is a site of after, nothing is new". */
interface Effect {
  readonly aligned?: Readonly<Record<string, string>>;
  readonly ambiguous?: Readonly<Record<string, readonly string[]>>;
  readonly gone?: readonly string[];
  readonly added?: readonly string[];
  /** What runs again or for the first time after a resume, apart from the gate. Left out: nothing. */
  readonly runs?: readonly string[];
}

const NEAR = "const near = await this.call(Fetch, { city: this.city });";
const FAR = 'const far = await this.call(Fetch, { city: "Bergen" });';
const TOTAL = "const total = await this.call(Sum, { left: near, right: far });";
const ONE = 'await this.call(Note, { text: "one" });';
const TWO = 'await this.call(Note, { text: "two" });';
const NOTES = 'const notes = await this.map(["a", "b"], (text) => this.call(Note, { text }));';
const AGAIN = "const again = await this.pair(total);";
const INNER = "return this.call(Inner, { base: again + notes.length });";
const LOW = "const low = await this.call(Sum, { left: amount, right: 10 });";
const PAIR = `private async pair(amount: number): Promise<number> {
    ${LOW}
    return low;
  }`;

/** One call becomes two of other names that are given the same. */
const UNCLEAR: Edit = [
  [NEAR, `${NEAR.replace("near", "here")}\n    ${NEAR.replace("near", "there")}`],
  [TOTAL, TOTAL.replace("near", "Math.max(here, there)")],
];

const EDITS: readonly (readonly [name: string, edit: Edit, effect: Effect])[] = [
  ["a comment", [[NEAR, `// here\n    ${NEAR}`]], {}],
  ["another file", { move: "src/deep/moved.ts" }, {}],
  [
    "another task's call before all others",
    [[NEAR, `await this.call(Gate, { value: 1 });\n    ${NEAR}`]],
    { added: ["Report.run#Gate"] },
  ],
  [
    "a local variable renamed",
    [
      [NEAR, NEAR.replace("near", "close")],
      [TOTAL, TOTAL.replace("near", "close")],
    ],
    { aligned: { "Report.run#Fetch@near": "Report.run#Fetch@close" } },
  ],
  [
    "a local variable renamed, and a call inserted",
    [
      [NEAR, `${NEAR.replace("near", "close")}\n    await this.call(Note, { text: "new" });`],
      [TOTAL, TOTAL.replace("near", "close")],
    ],
    {
      aligned: {
        "Report.run#Fetch@near": "Report.run#Fetch@close",
        "Report.run#Note": "Report.run#Note~2",
        "Report.run#Note~2": "Report.run#Note~3",
      },
      added: ["Report.run#Note"],
      runs: ["Note new"],
    },
  ],
  [
    "two variables swap their names",
    [
      [NEAR, NEAR.replace("near", "far")],
      [FAR, FAR.replace("far", "near")],
      [TOTAL, TOTAL.replace("left: near, right: far", "left: far, right: near")],
    ],
    {
      aligned: {
        "Report.run#Fetch@near": "Report.run#Fetch@far",
        "Report.run#Fetch@far": "Report.run#Fetch@near",
      },
    },
  ],
  [
    "a task imported under another name",
    [
      ["{ Fetch, Gate", "{ Fetch as Load, Gate"],
      [NEAR, NEAR.replace("Fetch", "Load")],
      [FAR, FAR.replace("Fetch", "Load")],
    ],
    {
      aligned: {
        "Report.run#Fetch@near": "Report.run#Load@near",
        "Report.run#Fetch@far": "Report.run#Load@far",
      },
    },
  ],
  [
    "a call that is given a name",
    [[FAR, FAR.replace("})", '}, { name: "there" })')]],
    { aligned: { "Report.run#Fetch@far": "Report.run#name:there@far" } },
  ],
  [
    "the helper above the body",
    [
      [PAIR, ""],
      [
        "  async run(): Promise<number> {\n    const near",
        `  ${PAIR}\n\n  async run(): Promise<number> {\n    const near`,
      ],
    ],
    {},
  ],
  [
    "the sub-flow's result received",
    [[INNER, `${INNER.replace("return", "const inner = await")}\n    return inner;`]],
    { aligned: { "Report.run#Inner@return": "Report.run#Inner@inner" } },
  ],
  ["wrapped in `if`", [[ONE, `if (total > 0) {\n      ${ONE}\n    }`]], {}],
  [
    "two lines swapped",
    [[`${ONE}\n    ${TWO}`, `${TWO}\n    ${ONE}`]],
    { aligned: { "Report.run#Note": "Report.run#Note~2", "Report.run#Note~2": "Report.run#Note" } },
  ],
  ["lines with receivers swapped", [[`${NEAR}\n    ${FAR}`, `${FAR}\n    ${NEAR}`]], {}],
  [
    "a helper extracted",
    [
      [TOTAL, "const total = await this.add(near, far);"],
      [
        PAIR,
        `${PAIR}\n\n  private async add(a: number, b: number): Promise<number> {\n    return this.call(Sum, { left: a, right: b });\n  }`,
      ],
    ],
    { aligned: { "Report.run#Sum@total": "Report.add#Sum@return" } },
  ],
  [
    "a helper inlined",
    [
      [AGAIN, "const again = await this.call(Sum, { left: total, right: 10 });"],
      [PAIR, ""],
    ],
    { aligned: { "Report.pair#Sum@low": "Report.run#Sum@again" } },
  ],
  [
    "a helper renamed",
    [
      [AGAIN, AGAIN.replace("pair", "twice")],
      ["private async pair", "private async twice"],
    ],
    { aligned: { "Report.pair#Sum@low": "Report.twice#Sum@low" } },
  ],
  [
    "one after the other to both at once",
    [
      [
        `${NEAR}\n    ${FAR}`,
        'const [near, far] = await Promise.all([this.call(Fetch, { city: this.city }), this.call(Fetch, { city: "Bergen" })]);',
      ],
    ],
    {},
  ],
  [
    "a map's result renamed",
    [
      [NOTES, NOTES.replace("notes", "lines")],
      [INNER, INNER.replace("notes", "lines")],
    ],
    { aligned: { "Report.run#map@notes": "Report.run#map@lines" } },
  ],
  [
    "a map to an array method",
    [[NOTES, 'const notes = await Promise.all(["a", "b"].map((text) => this.call(Note, { text })));']],
    {},
  ],
  [
    "another argument",
    [[FAR, FAR.replace("Bergen", "Bodø")]],
    { runs: ["Fetch Bodø", "Sum 4 4", "Sum 8 10", "Sum 20 1"] },
  ],
  [
    "another argument under another name",
    [
      [FAR, FAR.replace("Bergen", "Bodø").replace("far", "north")],
      [TOTAL, TOTAL.replace("right: far", "right: north")],
    ],
    {
      aligned: { "Report.run#Fetch@far": "Report.run#Fetch@north" },
      runs: ["Fetch Bodø", "Sum 4 4", "Sum 8 10", "Sum 20 1"],
    },
  ],
  ["the same value by another expression", [[FAR, FAR.replace('"Bergen"', '["Ber", "gen"].join("")')]], {}],
  ["a call removed", [[ONE, ""]], { aligned: { "Report.run#Note~2": "Report.run#Note" }, gone: ["Report.run#Note"] }],
  [
    "a call twice",
    [[ONE, `${ONE}\n    ${ONE}`]],
    { aligned: { "Report.run#Note~2": "Report.run#Note~3" }, added: ["Report.run#Note~2"], runs: ["Note one"] },
  ],
  [
    "a call under two names",
    UNCLEAR,
    { ambiguous: { "Report.run#Fetch@near": ["Report.run#Fetch@here", "Report.run#Fetch@there"] } },
  ],
  ["a call left out", [[TOTAL, "const total = near + far;"]], { gone: ["Report.run#Sum@total"] }],
];

describe.each(EDITS)("%s", (_name, edit, effect) => {
  let flow: EditedFlow;
  let before: Manifest;
  let after: Manifest;
  beforeAll(async () => {
    flow = await EditedFlow.make();
    before = await flow.build();
    await flow.fail("r");
    expect(flow.journal).toEqual(ALL);
    flow.edit(edit);
    after = await flow.build();
  });
  afterAll(() => flow.project.remove());

  test("where the sites stand", () => {
    const { sites, ambiguous, gone, added } = new BuildAlignment(before, after).flow("Report");
    const graph = before.flows.Report?.graph;
    const moved: Record<string, string> = {};
    for (const node of graph?.nodes ?? []) {
      const now = sites.get(node.id);
      if ("site" in node && node.site && now && now !== node.site) moved[node.site] = now;
    }
    expect({
      aligned: moved,
      ambiguous: Object.fromEntries(ambiguous.map((a) => [a.site, a.choices])),
      gone,
      added,
    }).toEqual({
      aligned: effect.aligned ?? {},
      ambiguous: effect.ambiguous ?? {},
      gone: effect.gone ?? [],
      added: effect.added ?? [],
    });
  });

  test("what runs again, as planned", async () => {
    const plan = await flow.plan("r");
    expect(flow.journal).toEqual(ALL);
    const { outcome, ran } = await flow.resume("r");
    expect(outcome).toMatchObject(
      effect.ambiguous ? { status: "suspended", reason: "ambiguous" } : { status: "succeeded" },
    );
    expect(ran).toEqual(effect.runs ?? []);
    expect(plan.stops !== undefined).toBe(effect.ambiguous !== undefined);
    if (effect.ambiguous) return;
    const shown = (await flow.project.flow("show", "r", "--json")).json<RunView>();
    const became = new Map(shown.steps.map(({ key, source }) => [key, source]));
    for (const { key, node, verdict, because } of plan.steps) {
      if (verdict === "unknown") expect(because, node).toMatch(/^it depends on .*, which runs$/);
      else if (key !== undefined)
        expect(became.get(key), `${key}: ${because}`).toBe(verdict === "runs" ? "ran" : verdict);
    }
    const planned = new Set(plan.steps.filter(({ verdict }) => verdict !== "unknown").map(({ key }) => key));
    const unknown = new Set(plan.steps.filter(({ verdict }) => verdict === "unknown").map(({ node }) => node));
    for (const { key, node } of shown.steps) {
      if (!planned.has(key)) expect([...unknown, "Gate"], `${key} was not foreseen`).toContain(node);
    }
  });
});

describe("a run whose records may belong to two calls", () => {
  const SITE = "Report.run#Fetch@near";
  let flow: EditedFlow;
  let runs = 0;
  beforeAll(async () => {
    flow = await EditedFlow.make();
    await flow.build();
  });
  afterAll(() => flow.project.remove());
  async function failedUnedited(): Promise<string> {
    runs += 1;
    const id = `r${runs}`;
    flow.edit([]);
    await flow.build();
    await flow.fail(id);
    return id;
  }
  async function failed(): Promise<string> {
    const id = await failedUnedited();
    flow.edit(UNCLEAR);
    await flow.build();
    return id;
  }

  test("stays suspended, writes nothing else, and says what to do", async () => {
    const id = await failed();
    const { code, stdout, stderr } = await flow.project.flow("resume", id);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`${SITE} (1 record) may be Report.run#Fetch@here or Report.run#Fetch@there`);
    expect(stderr).toContain(`flow resume ${id} --map '${SITE}=Report.run#Fetch@here'`);
    expect(stderr).toContain(`--rerun '${SITE}'`);
    const shown = (await flow.project.flow("show", id, "--json")).json<RunView>();
    expect(shown.run).toMatchObject({ state: "suspended", reason: "ambiguous", resumes: 0 });
    expect(shown.steps.filter(({ state }) => state === "succeeded")).toHaveLength(ALL.length);
  });

  test("goes on with the site that the user names: the other call runs", async () => {
    const id = await failed();
    const { outcome, ran } = await flow.resume(id, { map: { [SITE]: "Report.run#Fetch@there" } });
    expect([outcome.status, ran]).toEqual(["succeeded", ["Fetch Oslo"]]);
  });

  test("or lets both run", async () => {
    const id = await failed();
    const { outcome, ran } = await flow.resume(id, { rerun: [SITE] });
    expect([outcome.status, ran]).toEqual(["succeeded", ["Fetch Oslo", "Fetch Oslo"]]);
  });

  test("refuses sites that are none, by name", async () => {
    const id = await failed();
    await expect(flow.resume(id, { map: { [SITE]: "Report.run#Fetch@her" } })).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining("the current code has no call at Report.run#Fetch@her"),
      hint: 'Did you mean "Report.run#Fetch@here"?',
    });
    await expect(flow.resume(id, { rerun: ["Report.run#Fetch@nearer"] })).rejects.toMatchObject({
      code: "invalid-options",
      hint: `Did you mean "${SITE}"?`,
    });
    const { code, stderr } = await flow.project.flow("resume", id, "--map", "x");
    expect([code, stderr]).toEqual([2, expect.stringContaining('--map takes two sites, not "x"')]);
  });

  test("a site can be run again, whatever the code: what stands inside it too", async () => {
    const id = await failedUnedited();
    const { ran } = await flow.resume(id, { rerun: ["Report.run#map@notes", "Report.run#Inner@return"] });
    expect(ran).toEqual(["Note a", "Note b", "Sum 22 1"]);
  });
});
