/** What this toolchain makes of every shape: written to the file that the environment names. Each shape fails alone. */
import { writeFileSync } from "node:fs";
import { type Engine, memoryStore, openEngine } from "millrace/engine";
import { openTestEngine } from "millrace/testing";
import { speakAsCompiled } from "./origin.js";
import type { Shape } from "./shape.js";
import { SHAPES } from "./shapes.js";

export async function report(): Promise<void> {
  speakAsCompiled();
  // Under the Vitest plugin this refuses calls that have not got the build's sites.
  const rig = await openTestEngine({ strict: true });
  const engine = await openEngine({ store: memoryStore(), observers: [], threads: 1 });
  const cells: Record<string, unknown> = {};
  for (const [name, load] of Object.entries(SHAPES)) {
    cells[name] = {
      inline: await outcome(load, rig, "compiled"),
      handle: await outcome(load, engine, "built"),
    };
  }
  await engine.close();
  await rig.close();
  writeFileSync(process.env.REPORT ?? "report.json", JSON.stringify(cells));
}

/** "ok", or what went wrong. */
async function outcome(
  load: () => Promise<{ readonly shape: Shape }>,
  engine: Engine,
  origin: string,
): Promise<string> {
  try {
    const { shape } = await load();
    const got = await shape.start(engine);
    const expected = `${origin}: ${origin}: ${shape.expected}`;
    return got === expected ? "ok" : `gave "${got}" instead of "${expected}"`;
  } catch (error) {
    return String(error);
  }
}
