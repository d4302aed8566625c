/** The flow as it runs in production: what `flow build` made of it, named by its id, in real worker threads. */
import { memoryStore, openEngine } from "millrace/engine";
import { expect, it } from "vitest";

it("runs as built", async () => {
  // In memory: this run neither sees nor touches the runs in `.flow`.
  await using engine = await openEngine({ store: memoryStore(), observers: [], threads: 2 });

  const report = await engine.start("WordReport", { files: ["package.json", "tsconfig.json"] }).result();

  expect(report).toMatch(/^package\.json: \d+ words.*\ntsconfig\.json: \d+ words.*\n\d+ words in 2 files$/);
});
