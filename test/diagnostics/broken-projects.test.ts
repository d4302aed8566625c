/**
 * A hundred broken projects: each is the project `shop` with one seeded mistake. Every one is refused with a diagnostic at
 * the mistake, one for one cause, and the last good build stays as it was.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";
import { applyEdit, mistakeOf, overlaps } from "./mutation.js";
import { MUTATORS } from "./mutators.js";

const PROJECTS = 100;
/** Every so many a project is checked by the command, too. */
const BY_COMMAND = 20;

let project: TestProject;
let files: readonly string[];
let good: string;
beforeAll(async () => {
  project = await fixtureProject("shop");
  const { diagnostics, manifest } = await project.build();
  expect(diagnostics).toEqual([]);
  expect(manifest).toBeDefined();
  files = readdirSync(project.path("src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `src/${name}`)
    .sort();
  good = digest(project.path(".flow"));
});
afterAll(() => project.remove());

function digest(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(folder, name);
    hash.update(name).update(statSync(path).isFile() ? readFileSync(path) : "");
  }
  return hash.digest("hex");
}

test(`${PROJECTS} broken projects are refused, at the mistake`, { timeout: 600_000 }, async () => {
  const missed: string[] = [];
  const several: string[] = [];
  for (let seed = 0; seed < PROJECTS; seed += 1) {
    const broken = mistakeOf(seed, { mutators: MUTATORS, files, read: (file) => project.read(file) });
    const { file, edit } = broken;
    const before = project.read(file);
    const after = applyEdit(before, edit);
    project.write(file, after);
    const { manifest, diagnostics } = await project.build();
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const shown = `#${seed} ${broken.mutator} in ${file}: ${errors.map((d) => `${d.code}@${d.span.file}:${d.span.line}:${d.span.column}`).join(", ")}`;
    expect(manifest, shown).toBeUndefined();
    expect(
      errors.every(({ hint }) => hint),
      shown,
    ).toBe(true);
    expect(JSON.stringify(diagnostics), shown).not.toMatch(/\\n\s+at |node_modules|internal/);
    expect(digest(project.path(".flow")), shown).toBe(good);
    if (!overlaps(errors[0], broken, after)) missed.push(shown);
    if (errors.length !== 1) several.push(shown);
    if (seed % BY_COMMAND === 0) {
      const { code, stderr } = await project.flow("build");
      expect(code, shown).toBe(3);
      expect(stderr, shown).not.toMatch(/\n\s+at |internal-bug/);
      expect(stderr, shown).toContain(`${errors[0]?.span.file}:${errors[0]?.span.line}`);
      expect(digest(project.path(".flow")), shown).toBe(good);
    }
    project.write(file, before);
  }
  const share = (n: number): string => `${PROJECTS - n} of ${PROJECTS}`;
  console.log(
    `first diagnostic at the mistake: ${share(missed.length)}; one cause, one error: ${share(several.length)}`,
  );
  for (const line of [...missed.map((l) => `elsewhere: ${l}`), ...several.map((l) => `several: ${l}`)])
    console.log(line);
  expect(missed.length).toBeLessThanOrEqual(PROJECTS / 10);
  expect(several).toEqual([]);
});
