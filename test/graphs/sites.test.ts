/** Sites survive what does not concern them: moves, calls of other tasks, names of other variables. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { siteOfNode } from "@millrace/core";
import { afterAll, describe, expect, it } from "vitest";
import { analyse, FIXTURES } from "./fixture-project.js";

describe("sites", () => {
  const before = analyse(FIXTURES);
  const folder = mkdtempSync(join(FIXTURES, ".out-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  for (const name of ["src", "package.json", "tsconfig.json"]) {
    cpSync(join(FIXTURES, name), join(folder, name), { recursive: true });
  }

  function edit(file: string, change: (text: string) => string): void {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(path, changed);
  }

  // A call of another task, in the middle of the body.
  edit("src/sequence.ts", (text) =>
    text
      .replace("    const { ok }", '    await this.call(List, { country: "NO" });\n    const { ok }')
      .replace("{ Check", "{ Check, List"),
  );
  // Another name for a variable that receives no step.
  edit("src/accumulating.ts", (text) =>
    text.replaceAll("all", "everything").replaceAll("this.ceverything", "this.call"),
  );
  // Another folder.
  mkdirSync(join(folder, "src/deep"));
  renameSync(join(folder, "src/helping.ts"), join(folder, "src/deep/moved.ts"));
  edit("src/deep/moved.ts", (text) => text.replace("./tasks.js", "../tasks.js"));
  const after = analyse(folder);

  function sitesOf({ result }: typeof before, flow: string): readonly string[] {
    return (result.graphs.get(flow)?.nodes ?? []).flatMap((node) => siteOfNode(node) ?? []);
  }

  it("stay when the call of another task is inserted", () => {
    const sites = sitesOf(after, "Sequence");
    expect(sites).toContain("Sequence.run#List");
    expect(sites.filter((site) => site !== "Sequence.run#List")).toEqual(sitesOf(before, "Sequence"));
  });

  it.each([
    ["another variable is renamed", "Accumulating"],
    ["the file moves", "Helping"],
    ["other files change", "Library"],
  ])("stay when %s", (_what, flow) => {
    expect(sitesOf(before, flow).length).toBeGreaterThan(0);
    expect(sitesOf(after, flow)).toEqual(sitesOf(before, flow));
  });

  it("tell owners of one name in two files apart by the files' stems", () => {
    const source = readFileSync(join(folder, "src/helpers/fetching.ts"), "utf8");
    writeFileSync(join(folder, "src/helpers/other.ts"), source);
    const names = analyse(folder)
      .result.edits.filter((e) => e.file.includes("/helpers/"))
      .map((e) => e.text);
    expect(names.some((text) => text.includes("fetching:fetchBoth#Fetch@first"))).toBe(true);
    expect(names.some((text) => text.includes("other:fetchBoth#Fetch@first"))).toBe(true);
  });
});
