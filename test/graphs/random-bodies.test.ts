/** Random bodies, compiled and judged: nothing happens without a way through the graph. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { analyse, FIXTURES } from "./fixture-project.js";
import { chooseInputs, type Input, judge, type Variants } from "./judge.js";
import {
  CONSTRUCTS,
  HELPER_MODULES,
  type Kind,
  moduleOf,
  type RandomBody,
  randomBody,
  TASKS,
  tasksModule,
} from "./random-bodies.js";
import { compileStamped } from "./stamped-run.js";
import { openStrict, type StrictProject } from "./strict-run.js";
import { withoutStrays } from "./without-strays.js";

/** `MILLRACE_BODIES=2000` judges as many. */
const COUNT = Number(process.env.MILLRACE_BODIES ?? 40);
const SEED = Number(process.env.MILLRACE_SEED ?? 20261126);
const BATCH = 60;

const ITEMS = [{ id: "a" }, { id: "b" }];
const VALUES = [
  { ok: true, level: 1, items: ITEMS },
  { ok: false, level: 1, items: ITEMS },
  { ok: true, level: 2, items: [{ id: "c" }] },
  { ok: false, level: 2, items: ITEMS },
  { ok: true, level: 3, items: [] },
  { ok: false, level: 3, items: [{ id: "d" }] },
  // Behind a loop that waits for a level of 1 or less there is still more than one.
  { ok: true, level: 0, items: [{ id: "e" }, { id: "a" }] },
  { ok: false, level: -1, items: [] },
];
const variants: Variants = () => VALUES.slice(1);

/** Every step has a value of its own in each input; in some, one in eight fails. */
function inputOf(params: object, salt: number): Input {
  return {
    params: { cities: ITEMS, level: 1, ...params },
    value(_task, n, node) {
      const hash = hashOf(`${salt} ${node}`);
      if (salt % 8 > 5 && hash % 8 === 0 && n === 0) throw new Error(`${node} failed`);
      // Loops that wait for another value end.
      return salt === 0 || n > 3 ? VALUES[0] : VALUES[hash % VALUES.length];
    },
  };
}

function hashOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash ^ (hash >>> 7);
}

/** Every body is judged on this many inputs, chosen from all of these by what they show of it. */
const INPUTS = 8;
const CANDIDATES: readonly Input[] = Array.from({ length: 192 }, (_, salt) =>
  inputOf({ quick: (salt & 1) === 0, careful: (salt & 2) === 0, level: 1 + (salt % 3) }, salt),
);

/** Judges bodies of one project; gives what is wrong with each. */
async function judgeAll(bodies: readonly RandomBody[]): Promise<readonly Found[]> {
  const folder = mkdtempSync(join(dirname(FIXTURES), ".bodies-"));
  try {
    mkdirSync(join(folder, "src/helpers"), { recursive: true });
    for (const file of ["package.json", "tsconfig.json"]) cpSync(join(FIXTURES, file), join(folder, file));
    const modules = { "tasks.ts": tasksModule(), ...HELPER_MODULES };
    for (const [file, text] of Object.entries(modules)) writeFileSync(join(folder, "src", file), text);
    bodies.forEach((body, i) => {
      writeFileSync(join(folder, `src/body${i}.ts`), moduleOf(body, `Body${i}`));
    });
    const { model, result } = analyse(folder);
    compileStamped(model, result, join(folder, "out"));
    const found: Found[] = [];
    for (const [i, body] of bodies.entries()) {
      const graph = result.graphs.get(`Body${i}`);
      if (!graph) throw new Error(`no graph of\n${moduleOf(body, "Body")}`);
      const subject = { module: join(folder, `out/src/body${i}.js`), name: `Body${i}`, graph };
      const inputs = await chooseInputs(subject, CANDIDATES, INPUTS);
      const verdict = await judge(subject, inputs, variants);
      const may = graph.edges.filter((e) => e.kind !== "control" && e.certainty === "may");
      const idle = verdict.unwitnessed.filter((e) => may.includes(e)).length;
      const strict = await refusals({ model, result, folder: join(folder, "out") }, `Body${i}`, inputs);
      found.push({ body, unsound: verdict.unsound, strict, may: may.length, idle });
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What real runs under `strict` have against a graph: their steps end in some other order each, and for each they give some
 * other values in turn. One engine compares them.
 */
function refusals(project: StrictProject, flow: string, inputs: readonly Input[]): Promise<readonly string[]> {
  return withoutStrays(async () => {
    const found: string[] = [];
    for (const [salt, { params, value }] of inputs.entries()) {
      await using engine = await openStrict(project);
      for (const changed of [undefined, ...TASKS]) {
        const behaviour = {
          turns: (task: string, n: number) => hashOf(`${task} ${n} ${salt}`) % 5,
          value: (task: string, n: number) => value(task, n, `${task} ${n}${task === changed ? " changed" : ""}`),
        };
        const outcome = await engine.run(flow, params, behaviour);
        const error = outcome.status === "failed" ? (outcome.error as Error & { readonly code?: string }) : undefined;
        if (error?.code === "graph-violated" || error?.code === "unknown-site") found.push(error.message);
      }
    }
    return found;
  });
}

interface Found {
  readonly body: RandomBody;
  readonly unsound: readonly string[];
  readonly strict: readonly string[];
  readonly may: number;
  readonly idle: number;
}

it(
  `judges ${COUNT} random bodies`,
  async () => {
    const bodies = fc.sample(randomBody, { numRuns: COUNT, seed: SEED });
    const found: Found[] = [];
    for (let at = 0; at < bodies.length; at += BATCH) found.push(...(await judgeAll(bodies.slice(at, at + BATCH))));
    const uses = new Map<Kind, number>();
    for (const { kinds } of bodies) for (const kind of kinds) uses.set(kind, (uses.get(kind) ?? 0) + 1);
    const may = found.reduce((sum, each) => sum + each.may, 0);
    const idle = found.reduce((sum, each) => sum + each.idle, 0);
    const wrong = found.filter(({ unsound }) => unsound.length > 0);
    console.log(
      [
        ...CONSTRUCTS.map((kind) => `${kind.padEnd(20)} ${uses.get(kind) ?? 0}`),
        `${found.length} bodies, ${wrong.length} unsound`,
        `${may} may edges, ${idle} never witnessed (${((100 * idle) / Math.max(1, may)).toFixed(1)} %)`,
      ].join("\n"),
    );
    const refused = found.filter(({ strict }) => strict.length > 0);
    expect(refused.map(({ strict, body }) => `${strict[0]}\n${moduleOf(body, "Body")}`)).toEqual([]);
    const [smallest] = [...wrong].sort((a, b) => a.body.body.length - b.body.body.length);
    expect(smallest && `${smallest.unsound.join("\n")}\n${moduleOf(smallest.body, "Body")}`).toBeUndefined();
  },
  600_000 + COUNT * 3_000,
);
