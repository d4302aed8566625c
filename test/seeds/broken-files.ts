/** Breaks good files of a project by seeded mistakes, and holds what is said of each against where the mistake is. */
import {
  type Diagnostic,
  isMillraceError,
  type JobGraphIssue,
  type JobGraphSurroundings,
  type Manifest,
} from "@millrace/core";
import { compileValidator } from "@millrace/core/validate";
import type { TestProject } from "@millrace/testing";
import { locateIssues, readJson } from "millrace/jobs";
import { expect } from "vitest";
import { applyEdit, type Mutator, mistakeOf, overlaps } from "../diagnostics/mutation.js";

/** Every so many a broken file is run by the command, too. */
const BY_COMMAND = 16;

/** What is broken, and who says what is wrong with it. */
export interface BrokenFiles {
  readonly project: TestProject;
  /** The first is the one that is checked and run; the others are what it includes. */
  readonly files: readonly [string, ...string[]];
  /** Arguments of the command that runs them. Default: `run` and the first. */
  readonly command?: readonly string[];
  readonly mutators: readonly Mutator[];
  /** So many seeds are tried, from 0. */
  readonly seeds: number;
  findings(): Promise<readonly Diagnostic[]>;
  /** One mistake may be told at each place that it spoils, after the first. */
  readonly follows?: boolean;
}

/** What is said of a document in JSON; `read` is given its value. */
export function jsonFindings(
  source: { readonly file: string; readonly text: string },
  read: (value: unknown) => unknown,
): readonly Diagnostic[] {
  const json = readJson(source);
  if ("wrong" in json) return [json.wrong];
  try {
    read(json.value);
    return [];
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    return locateIssues(source, (error.data as { readonly issues: readonly JobGraphIssue[] }).issues);
  }
}

/** What documents are read against. */
export function surroundings(manifest: Manifest): JobGraphSurroundings {
  return { manifest, locals: new Map(), check: (schema, value) => compileValidator(schema)(value) };
}

/**
 * Every broken file has a finding and is refused before anything starts; at most a tenth of the first findings stand elsewhere than the mistake,
 * and one mistake is told once. Prints the shares.
 */
export async function breakFiles({
  project,
  files,
  mutators,
  seeds,
  findings,
  follows,
  command,
}: BrokenFiles): Promise<void> {
  const missed: string[] = [];
  const several: string[] = [];
  for (let seed = 0; seed < seeds; seed += 1) {
    const broken = mistakeOf(seed, { mutators, files, read: (file) => project.read(file) });
    const { file, edit } = broken;
    const before = project.read(file);
    const after = applyEdit(before, edit);
    project.write(file, after);
    const found = await findings();
    const shown = `#${seed} ${broken.mutator} in ${file}: ${found.map((d) => `${d.code}@${d.span.file}:${d.span.line}:${d.span.column} ${d.message}`).join(" | ")}`;
    expect(found.length, shown).toBeGreaterThan(0);
    expect(JSON.stringify(found), shown).not.toMatch(/\\n\s+at |node_modules|internal/);
    if (!overlaps(found[0], broken, after)) missed.push(shown);
    if (found.length !== 1) several.push(shown);
    if (seed % BY_COMMAND === 0) {
      const { code, stderr } = await project.flow(...(command ?? ["run", files[0]]));
      expect(code, shown).toBe(2);
      expect(stderr, shown).not.toMatch(/\n\s+at |internal-bug/);
      expect(stderr, shown).toContain(`${found[0]?.span.file}:${found[0]?.span.line}`);
    }
    expect(project.read(file), shown).toBe(after);
    project.write(file, before);
  }
  expect((await project.flow("runs", "--json")).json()).toEqual([]);
  const share = (n: number): string => `${seeds - n} of ${seeds}`;
  console.log(
    `first diagnostic at the mistake: ${share(missed.length)}; one cause, one error: ${share(several.length)}`,
  );
  for (const line of [...missed.map((l) => `elsewhere: ${l}`), ...several.map((l) => `several: ${l}`)])
    console.log(line);
  expect(missed.length).toBeLessThanOrEqual(seeds / 10);
  if (!follows) expect(several).toEqual([]);
}
