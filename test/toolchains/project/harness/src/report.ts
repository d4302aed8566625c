/** What this toolchain makes of every shape: written to the file that the environment names. Each shape fails alone. */
import { writeFileSync } from "node:fs";
import { memoryStore, openEngine } from "millrace/engine";
import type { Shape } from "./shape.js";
import { SHAPES } from "./shapes.js";

export async function report(): Promise<void> {
  const engine = await openEngine({ store: memoryStore(), observers: [], threads: 1 });
  const cells: Record<string, unknown> = {};
  for (const [name, load] of Object.entries(SHAPES)) {
    cells[name] = {
      inline: await outcome(load, "compiled", (shape) => shape.inline()),
      handle: await outcome(load, "built", (shape) => shape.handle(engine)),
    };
  }
  await engine.close();
  writeFileSync(process.env.REPORT ?? "report.json", JSON.stringify(cells));
}

/** "ok", or what went wrong. */
async function outcome(
  load: () => Promise<{ readonly shape: Shape }>,
  origin: string,
  run: (shape: Shape) => Promise<string>,
): Promise<string> {
  try {
    const { shape } = await load();
    const got = await run(shape);
    const expected = `${origin}: ${shape.expected}`;
    return got === expected ? "ok" : `gave "${got}" instead of "${expected}"`;
  } catch (error) {
    return String(error);
  }
}
