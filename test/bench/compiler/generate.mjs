// Writes a synthetic project: tasks with helpers, types and barrels, and flows that call them. The same seed gives the same bytes.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const TASKS_PER_FOLDER = 20;
const CALLS_PER_FLOW = 20;

/** Writes `tasks` tasks and `flows` flows below `folder`. */
export function generateProject(folder, { tasks, flows, seed = 1 }) {
  const random = mulberry32(seed);
  const pick = (n) => Math.floor(random() * n);
  const write = (path, text) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write("package.json", `${JSON.stringify({ name: "synthetic", private: true, type: "module" }, null, 2)}\n`);
  write("tsconfig.json", `${JSON.stringify({ compilerOptions: OPTIONS, include: ["src"] }, null, 2)}\n`);
  const folders = Math.ceil(tasks / TASKS_PER_FOLDER);
  for (let f = 0; f < folders; f++) {
    write(`src/area-${f}/types.ts`, typesText(f));
    write(`src/area-${f}/rules.ts`, rulesText(f, pick));
    const own = range(f * TASKS_PER_FOLDER, Math.min(tasks, (f + 1) * TASKS_PER_FOLDER));
    for (const i of own) write(`src/area-${f}/task-${i}.ts`, taskText(i, f, pick));
    write(`src/area-${f}/index.ts`, own.map((i) => `export { Task${i} } from "./task-${i}.js";\n`).join(""));
  }
  for (let i = 0; i < flows; i++) {
    const called = range(0, CALLS_PER_FLOW).map((n) => (i * CALLS_PER_FLOW + n) % tasks);
    write(`src/flows/flow-${i}.ts`, flowText(i, [...new Set(called)]));
  }
}

const OPTIONS = {
  target: "es2022",
  module: "nodenext",
  strict: true,
  noEmit: true,
  types: ["node"],
  skipLibCheck: true,
};

const typesText = (f) => `/** One record of area ${f}. */
export interface Item${f} {
  id: string;
  kind: "new" | "known" | "gone";
  amounts: number[];
  labels: Record<string, string>;
  parent?: Item${f};
}

/** What a step of area ${f} answers. */
export type Answer${f} = { ok: true; items: Item${f}[]; total: number } | { ok: false; reason: string };

/** What is left of an item when it is listed. */
export type Listed${f} = Pick<Item${f}, "id" | "kind"> & { total: number };
`;

const rulesText = (f, pick) => `import type { Item${f}, Listed${f} } from "./types.js";

const LIMIT = ${pick(1000)};

export function totalOf(item: Item${f}): number {
  return item.amounts.reduce((sum, amount) => sum + Math.min(amount, LIMIT), 0);
}

export function listed(items: readonly Item${f}[]): Listed${f}[] {
  return items.filter((item) => item.kind !== "gone").map((item) => ({ id: item.id, kind: item.kind, total: totalOf(item) }));
}

export function grouped(items: readonly Item${f}[]): Map<string, Item${f}[]> {
  const groups = new Map<string, Item${f}[]>();
  for (const item of items) groups.set(item.kind, [...(groups.get(item.kind) ?? []), item]);
  return groups;
}
`;

const taskText = (i, f, pick) => `import { Task, param, task } from "millrace";
import { grouped, listed, totalOf } from "./rules.js";
import type { Answer${f}, Item${f} } from "./types.js";

/** Task ${i}: sums up what it is given. */
@task({ retry: { attempts: ${1 + pick(4)} }, timeout: "${1 + pick(60)}s" })
export class Task${i} extends Task<Answer${f}> {
  /** Where the items come from. */
  @param() source!: string;
  @param() limit = ${pick(100)};
  @param() kinds?: Item${f}["kind"][];

  async run(): Promise<Answer${f}> {
    const items = this.read();
    if (items.length === 0) return { ok: false, reason: \`\${this.source} is empty\` };
    for (const [kind, group] of grouped(items)) this.log.info("%s: %d", kind, group.length);
    const total = listed(items).reduce((sum, item) => sum + item.total, ${pick(50)});
    return { ok: true, items: items.filter((item) => totalOf(item) > this.limit), total };
  }

  private read(): Item${f}[] {
    return Array.from({ length: this.limit }, (_, n) => ({
      id: \`\${this.source}-\${n}\`,
      kind: n % ${2 + pick(5)} === 0 ? "new" : "known",
      amounts: [n, n * ${1 + pick(9)}],
      labels: { n: String(n) },
    }));
  }
}
`;

function flowText(i, called) {
  const areas = Map.groupBy
    ? Map.groupBy(called, (n) => Math.floor(n / TASKS_PER_FOLDER))
    : called.reduce((map, n) => {
        const area = Math.floor(n / TASKS_PER_FOLDER);
        return map.set(area, [...(map.get(area) ?? []), n]);
      }, new Map());
  const imports = [...areas].map(
    ([area, own]) => `import { ${own.map((n) => `Task${n}`).join(", ")} } from "../area-${area}/index.js";\n`,
  );
  const steps = called.map((n, k) => {
    if (k % 4 === 0)
      return `    const a${n} = await this.call(Task${n}, { source: this.source });\n    if (a${n}.ok) sum += a${n}.total;\n`;
    if (k % 4 === 1)
      return `    const m${n} = await this.map(this.names, (name) => this.call(Task${n}, { source: name, limit: ${k} }));\n    sum += m${n}.length;\n`;
    if (k % 4 === 2)
      return `    if (sum > ${k}) {\n      const b${n} = await this.call(Task${n}, { source: String(sum) });\n      if (b${n}.ok) sum += b${n}.items.length;\n    }\n`;
    return `    const c${n} = await this.call(Task${n}, { source: this.source, kinds: ["new"] });\n    if (!c${n}.ok) return sum;\n`;
  });
  return `import { Flow, flow, param } from "millrace";
${imports.join("")}
/** Flow ${i}: calls ${called.length} tasks. */
@flow()
export class Flow${i} extends Flow<number> {
  @param() source!: string;
  @param() names!: string[];

  async run(): Promise<number> {
    let sum = 0;
${steps.join("")}    return sum;
  }
}
`;
}

function range(from, to) {
  return Array.from({ length: to - from }, (_, n) => from + n);
}

function mulberry32(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
