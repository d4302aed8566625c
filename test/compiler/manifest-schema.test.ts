/** The published JSON Schema of the manifest: what the compiler writes fits it, and a damaged one does not. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Manifest } from "@millrace/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { fixtureProject } from "./fixture-project.js";

const schema = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("@millrace/core/manifest.schema.json"), "utf8"),
);
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

function faults(manifest: unknown): string[] {
  return validate(manifest) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
}

it.each(["weather", "modules"])("fits the manifest of the project %s", async (name) => {
  await using project = await fixtureProject(name);
  const { manifest } = await project.build();
  expect(Object.keys(manifest?.flows ?? {}).length + Object.keys(manifest?.tasks ?? {}).length).toBeGreaterThan(0);
  expect(faults(JSON.parse(project.read(".flow/manifest.json")))).toEqual([]);
});

it("refuses what no compiler writes", async () => {
  await using project = await fixtureProject("weather");
  const good = (await project.build()).manifest as Manifest;
  const [flow = ""] = Object.keys(good.flows);
  const broken = (change: (copy: { -readonly [K in keyof Manifest]: Manifest[K] }) => void): string[] => {
    const copy = structuredClone(good);
    change(copy);
    return faults(copy);
  };
  expect(broken(() => {})).toEqual([]);
  expect(broken((m) => Object.assign(m, { callSchemas: { "A.run#B": { B: {} } } }))).toEqual([]);
  expect(broken((m) => Object.assign(m, { callSchemas: { "A.run#B": 1 } }))).not.toEqual([]);
  expect(broken((m) => Object.assign(m, { extra: 1 }))).not.toEqual([]);
  expect(broken((m) => Object.assign(m, { manifestVersion: 2 }))).not.toEqual([]);
  expect(broken((m) => Reflect.deleteProperty(m.flows[flow] as object, "graph"))).not.toEqual([]);
  expect(broken((m) => Object.assign(m.flows[flow]?.graph.nodes[0] ?? {}, { kind: "guess" }))).not.toEqual([]);
  expect(broken((m) => Object.assign(m.flows[flow] as object, { secret: true }))).not.toEqual([]);
});
