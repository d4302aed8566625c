/** Which packages and files are found, and how they are cut. */
import { describe, expect, it } from "vitest";
import { findPackages } from "../src/packages/find-packages.js";
import { splitPackage } from "../src/packages/split-package.js";
import { makeTree } from "./tree.js";

const never = new AbortController().signal;

describe("findPackages", () => {
  it("finds packages at any depth, and gives nested ones their own files", async () => {
    using tree = makeTree({
      "node_modules/.bin/tool.js": "x",
      "node_modules/b/package.json": '{ "name": "bee", "version": "1.2.3" }',
      "node_modules/b/index.js": "12345",
      "node_modules/b/lib/types.d.ts": "1",
      "node_modules/b/lib/data.json": "{}",
      "node_modules/b/lib/node_modules/c/c.cjs": "12",
      "node_modules/@s/a/package.json": "not JSON",
      "node_modules/@s/a/a.mts": "123",
      "node_modules/empty/package.json": "{}",
      "packages/linked/index.js": "x",
      "node_modules/linked": "link:../packages/linked",
      "src/own.js": "x",
    });
    expect(await findPackages(tree.folder, never)).toEqual([
      {
        package: { id: "@s/a@node_modules/@s/a", name: "@s/a", version: "", path: "node_modules/@s/a" },
        files: [{ path: "a.mts", bytes: 3 }],
      },
      {
        package: { id: "bee@node_modules/b", name: "bee", version: "1.2.3", path: "node_modules/b" },
        files: [
          { path: "index.js", bytes: 5 },
          { path: "lib/types.d.ts", bytes: 1 },
        ],
      },
      {
        package: {
          id: "c@node_modules/b/lib/node_modules/c",
          name: "c",
          version: "",
          path: "node_modules/b/lib/node_modules/c",
        },
        files: [{ path: "c.cjs", bytes: 2 }],
      },
    ]);
  });

  it("stops when it is told to", async () => {
    using tree = makeTree({ "node_modules/a/a.js": "" });
    await expect(findPackages(tree.folder, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });

  it("names the folder that is missing", async () => {
    using tree = makeTree({});
    await expect(findPackages(tree.folder, never)).rejects.toThrow(/ENOENT.*node_modules/);
  });
});

describe("splitPackage", () => {
  it("keeps parts within bounds, files in order, and large files alone", () => {
    const sizes = [4, 4, 4, 25, 1, 9];
    const found = {
      package: { id: "a@node_modules/a", name: "a", version: "1.0.0", path: "node_modules/a" },
      files: sizes.map((bytes, i) => ({ path: `${i}.js`, bytes })),
    };
    const parts = splitPackage(found, 10);
    expect(parts.map((part) => part.id)).toEqual([
      "a@node_modules/a",
      ...[2, 3, 4].map((n) => `a@node_modules/a#${n}`),
    ]);
    expect(parts.map((part) => part.files.map((file) => file.bytes))).toEqual([[4, 4], [4], [25], [1, 9]]);
  });
});
