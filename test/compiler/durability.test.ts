/** The option `durability` of flows in the build. */
import { expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";

async function build(durability: string) {
  await using project = await fixtureProject("pages", {
    "src/chain.ts": `import { Flow, defineFlow, flow } from "millrace";
@flow({ durability: ${durability} }) export class Chain extends Flow<string> { async run() { return "done"; } }
export const twin = defineFlow({ id: "twin", options: { durability: ${durability} }, run: async () => "done" });
`,
  });
  const { manifest, diagnostics } = await project.build();
  return {
    entries: [manifest?.flows.Chain, manifest?.flows.twin],
    errors: diagnostics.filter(({ severity }) => severity === "error").map(({ code, message }) => [code, message]),
  };
}

test("it stands in the manifest, and is no option of steps", async () => {
  const { entries } = await build('"behind"');
  for (const entry of entries) expect(entry).toMatchObject({ durability: "behind", options: {} });
});

test("the default is not written down", async () => {
  const { entries } = await build('"before"');
  for (const entry of entries) expect(entry).not.toHaveProperty("durability");
});

test("other values are refused where they stand", async () => {
  const { errors } = await build('"later" as "behind"');
  const finding = ["option-invalid", 'Option "durability" must be "before" or "behind".'];
  expect(errors).toEqual([finding, finding]);
});
