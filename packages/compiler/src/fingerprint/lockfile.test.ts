import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLockfile } from "./lockfile.js";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "millrace-lockfile-"));
});

afterEach(() => rmSync(root, { recursive: true }));

test("a package stands for everything that it depends on, found as Node finds it", () => {
  const packages = {
    "": { dependencies: { a: "1" } },
    "node_modules/a": {
      version: "1.0.0",
      integrity: "sha512-a",
      dependencies: { b: "2" },
      optionalDependencies: { gone: "1" },
    },
    "node_modules/a/node_modules/b": { version: "2.0.0", integrity: "sha512-b2", dependencies: { c: "1" } },
    "node_modules/b": { version: "1.0.0", integrity: "sha512-b1" },
    "node_modules/c": { version: "1.0.0", integrity: "sha512-c", dependencies: { a: "1" } },
    "node_modules/linked": { resolved: "packages/linked", link: true },
    "packages/linked": { name: "linked", version: "0.1.0", dependencies: { b: "1" } },
  };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages }));
  mkdirSync(join(root, "app"));
  const lockfile = readLockfile(join(root, "app"));
  const names = (folder: string): readonly string[] =>
    lockfile
      .closure(join(root, folder))
      .map(({ name, version, integrity }) => `${name} ${version} ${integrity}`.trimEnd());
  expect(names("node_modules/a")).toEqual(["a 1.0.0 sha512-a", "b 2.0.0 sha512-b2", "c 1.0.0 sha512-c"]);
  expect(names("node_modules/linked")).toEqual(["linked 0.1.0", "b 1.0.0 sha512-b1"]);
  expect(names("node_modules/unknown")).toEqual([]);
});

test("without a lockfile nothing is known", () => {
  expect(readLockfile(root).closure(join(root, "node_modules/a"))).toEqual([]);
});
