/**
 * `npm run matrix`: every style and shape under every toolchain. A cell that fails without being named as blank fails the
 * run, and so does a blank that works. Prints the table; docs/toolchains.md has to show the same (`-- -u` writes it).
 */
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NODE_VERSIONS, nodeBinary } from "../nodes/node-binary.mjs";
import { blankOf } from "./blanks.js";
import { INSTALL_TIMEOUT_MS, install } from "./install.js";
import { type Cell, matrixTable } from "./matrix-table.js";
import { STYLES, type Style } from "./styles.js";
import { TOOLCHAINS, type Toolchain } from "./toolchains.js";
import { openWorkshop, type Workshop } from "./workshop.js";

const DOCUMENT = resolve(import.meta.dirname, "../../docs/toolchains.md");

const seen: Record<string, Record<string, Record<string, Cell>>> = {};
let workshop: Workshop;

beforeAll(() => {
  install("test/toolchains", "test/nodes");
  workshop = openWorkshop();
}, INSTALL_TIMEOUT_MS);

afterAll(() => workshop?.[Symbol.dispose]());

describe.each(STYLES)("$title", (style) => {
  let project: string;

  beforeAll(async () => {
    project = await workshop.project(style);
  });

  test.each(TOOLCHAINS)("$title", async (toolchain) => {
    const cells = await run(toolchain, { project, style });
    seen[style.id] = { ...seen[style.id], [toolchain.title]: cells };
    const blank = blankOf(style.id, toolchain.title);
    const expected = blank ? expect.stringMatching(blank.says) : "ok";
    expect(cells).toEqual(each(style, { inline: expected, handle: expected }));
  });

  if (style.id === "tc39") {
    test.each(TOOLCHAINS.filter(({ hasTarget }) => hasTarget))("$title needs a target", async (toolchain) => {
      const cells = await run(toolchain, { project, style, target: "esnext" });
      for (const { inline } of Object.values(cells)) expect(inline).toMatch(/^SyntaxError/);
    });
  }
});

test.each(NODE_VERSIONS)("Node %i alone refuses decorators", async (major) => {
  const file = join(workshop.root, "alone.mts");
  writeFileSync(file, 'import { Task, task } from "millrace";\n@task() export class A extends Task { run() {} }\n');
  await expect(promisify(execFile)(nodeBinary(major), [file])).rejects.toThrow(
    /SyntaxError: Invalid or unexpected token/,
  );
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
async function run(
  toolchain: Toolchain,
  { project, style, target }: { readonly project: string; readonly style: Style; readonly target?: string },
): Promise<Record<string, Cell>> {
  const file = join(project, `${toolchain.title}.json`);
  rmSync(file, { force: true });
  try {
    await toolchain.report(project, file, target);
    // Safe: report.ts of the project writes it in this shape, and the matrix compares it cell by cell.
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, Cell>;
  } catch (error) {
    return each(style, { inline: String(error), handle: String(error) });
  }
}

function each<T>({ shapes }: Style, cell: T): Record<string, T> {
  return Object.fromEntries(shapes.map((shape) => [shape, cell]));
}
