/**
 * `npm run matrix`: every style and shape under every toolchain; a cell that fails, fails the run. Prints the table;
 * docs/toolchains.md has to show the same (`-- -u` writes it).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NODE_VERSIONS, nodeBinary } from "../nodes/node-binary.mjs";
import { type Cell, matrixTable } from "./matrix-table.js";
import { runNode } from "./run-node.js";
import { SHAPES, type Shape, STYLES } from "./styles.js";
import { PLAIN_VITESTS, TOOLCHAINS, type Toolchain, VITESTS } from "./toolchains.js";
import { openWorkshop, type Workshop } from "./workshop.js";

const DOCUMENT = resolve(import.meta.dirname, "../../docs/toolchains.md");

const seen: Record<string, Record<string, Record<string, Cell>>> = {};
const workshops = new Map<Toolchain["vitest"], Workshop>();

beforeAll(() => {
  for (const vitest of VITESTS) workshops.set(vitest, openWorkshop(vitest));
});

afterAll(() => {
  for (const workshop of workshops.values()) workshop[Symbol.dispose]();
});

describe.each(STYLES)("$title", (style) => {
  const projects = new Map<Toolchain["vitest"], string>();

  beforeAll(async () => {
    for (const [vitest, workshop] of workshops) projects.set(vitest, await workshop.project(style));
  });

  test.concurrent.each(TOOLCHAINS)("$title", async (toolchain) => {
    const cells = await report(toolchain, projects);
    seen[style.id] = { ...seen[style.id], [toolchain.title]: cells };
    expect(cells).toEqual(each(() => ({ inline: "ok", handle: "ok" })));
  });

  test.concurrent.each(PLAIN_VITESTS)("$title", async (toolchain) => {
    expect(await report(toolchain, projects)).toEqual(unlowered(style.loweredByVitest ? [] : style.lowered));
  });

  test.concurrent.each(TOOLCHAINS.filter(({ hasTarget }) => hasTarget))(
    "$title lowers nothing for esnext",
    async (toolchain) => {
      expect(await report(toolchain, projects, "esnext")).toEqual(unlowered(style.lowered));
    },
  );
});

describe.each(NODE_VERSIONS)("Node %i alone", (major) => {
  function run(name: string, text: string): Promise<string> {
    const cwd = workshops.get("vitest")?.root ?? "";
    writeFileSync(join(cwd, name), text);
    return runNode({ cwd, args: [name], binary: nodeBinary(major) });
  }

  test("refuses decorators", async () => {
    const text = 'import { Task, task } from "millrace";\n@task() export class A extends Task { run() {} }\n';
    await expect(run("decorated.mts", text)).rejects.toThrow(/SyntaxError: Invalid or unexpected token/);
  });

  test("runs functions", async () => {
    const text = `
import { defineTask } from "millrace";
import { openTestEngine } from "millrace/testing";
const double = defineTask({ id: "Double", run: ({ n }: { n: number }): number => 2 * n });
const engine = await openTestEngine();
console.log(await engine.runTask(double, { n: 21 }));
await engine.close();
`;
    expect(await run("functional.mts", text)).toBe("42\n");
  });
});

test("docs/toolchains.md shows what was seen", async () => {
  const table = matrixTable(seen);
  console.log(`\n${table}\n`);
  const text = readFileSync(DOCUMENT, "utf8");
  const section = `<!-- matrix -->\n${table}\n<!-- /matrix -->`;
  const shown = text.replace(/<!-- matrix -->[\s\S]*<!-- \/matrix -->/, () => section);
  expect(shown).toContain(section);
  await expect(shown).toMatchFileSnapshot(DOCUMENT);
});

/** The report of a toolchain. Where it comes to none, every cell says why. */
async function report(
  toolchain: Toolchain,
  projects: ReadonlyMap<Toolchain["vitest"], string>,
  target?: string,
): Promise<Record<string, Cell>> {
  const project = projects.get(toolchain.vitest) ?? "";
  const file = join(project, `${toolchain.title} ${target ?? ""}.json`);
  try {
    await toolchain.report(project, file, target);
    // Safe: report.ts of the project writes it in this shape, and the matrix compares it cell by cell.
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, Cell>;
  } catch (error) {
    return each(() => ({ inline: String(error), handle: String(error) }));
  }
}

/** What is expected where these shapes are left as they are written. */
function unlowered(shapes: readonly Shape[]): Record<string, unknown> {
  const refused = expect.stringMatching(/SyntaxError/);
  return each((shape) => {
    const cell = shapes.includes(shape) ? refused : "ok";
    return { inline: cell, handle: cell };
  });
}

function each<T>(cell: (shape: Shape) => T): Record<string, T> {
  return Object.fromEntries(SHAPES.map((shape) => [shape, cell(shape)]));
}
