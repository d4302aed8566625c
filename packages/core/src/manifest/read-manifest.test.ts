import { describe, expect, it } from "vitest";
import { readManifest } from "./read-manifest.js";

const entry = { id: "F", module: "m.mjs", exportName: "F", params: [], fingerprint: {} };
const good = {
  manifestVersion: 1,
  graphVersion: 1,
  build: "b",
  tasks: {},
  flows: { F: { ...entry, graph: { nodes: [], edges: [] } } },
};

describe("a manifest", () => {
  it("is read if it is whole", () => {
    expect(readManifest(JSON.stringify(good), "m.json").build).toBe("b");
  });

  it.each([
    ["cut short", JSON.stringify(good).slice(0, 40), "it is no JSON"],
    ["no object", "[]", "it is no manifest"],
    ["of another version", JSON.stringify({ ...good, manifestVersion: 9 }), "version 9/1"],
    ["without flows", JSON.stringify({ ...good, flows: undefined }), "a part of it is missing"],
    ["with a damaged entry", JSON.stringify({ ...good, tasks: { T: { id: "T" } } }), 'the entry "T" is damaged'],
    ["without a flow's graph", JSON.stringify({ ...good, flows: { F: entry } }), 'the flow "F" has no graph'],
  ])("is refused %s, by file and reason", (_, text, reason) => {
    expect(() => readManifest(text, "/p/m.json")).toThrow(
      expect.objectContaining({
        code: "manifest-unreadable",
        message: expect.stringContaining(reason),
        hint: expect.stringContaining("flow build"),
      }),
    );
  });

  it("gives no prototype away to a key of that name", () => {
    const text = JSON.stringify(good).replace(
      '"tasks":{}',
      `"tasks":{"__proto__":${JSON.stringify({ ...entry, id: "__proto__" })}}`,
    );
    const { tasks } = readManifest(text, "m.json");
    expect(Object.getPrototypeOf(tasks)).toBe(Object.prototype);
    expect(Object.hasOwn(tasks, "__proto__")).toBe(true);
  });
});
