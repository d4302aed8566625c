/** Everything that an import can lead to, built and run in worker threads: module kinds, CommonJS, packages, computed paths. */
import { renameSync } from "node:fs";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";
import { runFlow } from "./run-flow.js";

let project: TestProject;

beforeAll(async () => {
  project = await fixtureProject("imports");
  expect((await project.build()).diagnostics).toEqual([]);
});

afterAll(() => project.remove());

const FOUND = {
  waited: "after top-level await",
  forms: {
    extensions: ["ts", "mts", "cts", "<b>tsx</b>", "a CommonJS file of the project", true],
    types: [4, "cm", "red", "small", 4, "only declared"],
    json: ["json", "json", "a key", "beside json", "json"],
    resolved: ["by node condition", "after top-level await", "by baseUrl", "by rootDirs", true],
    ghost: false,
  },
  packages: {
    plain: ["default!", "a hidden name", "another"],
    compiled: ["the default member", "named"],
    json: "a package",
    conditions: ["node, import", "node, require", "a subpath"],
    native: 7,
    order: ["setup", "plain-cjs", "recorder"],
  },
  dynamic: {
    same: [true, true, true],
    registered: ["one"],
    json: 2,
    package: "node, import",
    missing: "ERR_MODULE_NOT_FOUND",
  },
};

test("every import finds what TypeScript says it finds", async () => {
  expect(await runFlow(project.root, "Imports")).toEqual(FOUND);
});

test("and still does when the project has moved", async () => {
  const moved = `${project.root}-moved`;
  renameSync(project.root, moved);
  try {
    expect(await runFlow(moved, "Imports")).toEqual(FOUND);
  } finally {
    renameSync(moved, project.root);
  }
});

test("modules that computed imports choose from count in fingerprints", async () => {
  const { manifest } = await project.check();
  expect(Object.keys(manifest?.tasks.Dynamic?.fingerprint.modules ?? {})).toEqual(
    expect.arrayContaining(["src/plugins/one.ts", "src/plugins/registry.ts", "src/plugins/two.json"]),
  );
});

test("a project of CommonJS modules works as Node's own CommonJS does", async () => {
  await using legacy = await fixtureProject("legacy");
  expect((await legacy.build()).diagnostics).toEqual([]);
  expect(await runFlow(legacy.root, "Legacy")).toEqual({
    plain: ["called!", "a hidden name", "a hidden name"],
    compiled: ["the default member", "named"],
    whole: ["a parameter property", "export =", true],
    members: [3, 42, 4],
    json: [3, 3],
    computed: "b",
    place: ["tasks.ts", "src", true],
    inner: "a namespace",
  });
});
