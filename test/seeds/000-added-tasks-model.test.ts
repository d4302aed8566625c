/**
 * Scenario 15 of the first ancestor with random projects: tasks add tasks, which add further ones, while others wait for patterns and names; runs
 * are cut off anywhere, and tasks are done again with other lists.
 */
import {
  AddedLists,
  buildTasks,
  EMPTY_PROJECT,
  foldOutcome,
  mergeProject,
  projectEdges,
  projectGraph,
  type RecordedProject,
  readProject,
  resetTasks,
  sendOut,
  type TaskStep,
  writeProject,
} from "@millrace/jobs";
import { seededRandom } from "@millrace/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

type Random = () => number;
type Given = Readonly<Record<string, unknown>> & { readonly name: string };

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const live = ({ tasks }: RecordedProject) => tasks.filter(({ state }) => state !== "orphaned");
const NAMES = ["a", "b", "c", "d", "e", "f"];

/** A file of tasks: some add, some wait for what is added, all of them wait for some before them. */
function randomSource(random: Random): readonly Given[] {
  return NAMES.map((name, i) => ({
    name,
    cmd: name,
    ...(random() < 0.4 ? { adds: random() < 0.3 ? true : `${name}-.*` } : {}),
    ...(i > 0 && random() < 0.5 ? { after: pick(random, NAMES.slice(0, i)) + (random() < 0.4 ? "-0" : "") } : {}),
    ...(random() < 0.4 ? { "after-re": `${pick(random, NAMES)}-.*` } : {}),
  }));
}

/** What a task adds, the same whenever it is asked in a version of the world. */
function listOf(name: string, version: number): readonly Given[] {
  const random = seededRandom("list", name, version);
  if (name.length > 5) return [];
  return ["0", "1", "2"]
    .filter(() => random() < 0.6)
    .map((end) => ({
      name: `${name}-${end}`,
      cmd: `${name}-${end} ${random() < 0.5 ? version : ""}`,
      ...(random() < 0.3 ? { adds: `${name}-.*` } : {}),
      ...(end !== "0" && random() < 0.3 ? { "after-re": `${name}-0.*` } : {}),
      ...(random() < 0.2 ? { before: pick(random, NAMES) } : {}),
    }));
}

/** A world in which tasks run, one at a time. */
class World {
  readonly #random: Random;
  /** Names, in the order in which they were completed. */
  readonly done: string[] = [];
  version = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** One pass; `cut`: after a random number of tasks. Undefined if there is nothing to run. */
  pass(project: RecordedProject, cut: boolean): RecordedProject | undefined {
    const { graph } = projectGraph(project);
    if (!graph) return undefined;
    const left = new Set(graph.nodes.map(({ id }) => id));
    const sent = sendOut(project, left, "run-1");
    const adders = new Set(sent.tasks.flatMap(({ name, directives }) => (directives.adds === undefined ? [] : name)));
    const failed = new Set<string>();
    const steps: TaskStep[] = [];
    const lists = new AddedLists(sent);
    for (let budget = cut ? Math.floor(this.#random() * left.size) : left.size; budget > 0; budget--) {
      const ready = [...left].filter((id) => !graph.edges.some(({ from, to }) => to === id && left.has(from)));
      const name = pick(this.#random, ready);
      left.delete(name);
      if (graph.edges.some(({ from, to }) => to === name && failed.has(from))) {
        failed.add(name);
        steps.push(stepOf(name, "skipped"));
        continue;
      }
      this.#judge(project, name);
      try {
        const tasks = adders.has(name) ? lists.take({ name, given: listOf(name, this.version) }) : [];
        steps.push(stepOf(name, "succeeded", adders.has(name) ? { code: 0, tasks } : { code: 0 }));
        this.done.push(name);
      } catch {
        // A list that closes a circle, or has a name that another one has.
        failed.add(name);
        steps.push(stepOf(name, "failed"));
      }
    }
    for (const name of left) steps.push(stepOf(name, "aborted"));
    const folded = foldOutcome(sent, steps);
    expect(readProject(writeProject(folded)).project).toEqual(folded);
    return folded;
  }

  /** A task begins only if all that it waits for is complete or runs before it, and nobody is left who may add more of that. */
  #judge(project: RecordedProject, name: string): void {
    const byName = new Map(live(project).map((task) => [task.name, task]));
    const chainOf = (one: string): readonly string[] => {
      const adder = byName.get(one)?.addedBy;
      return adder === undefined ? [] : [...chainOf(adder), adder];
    };
    const own = chainOf(name);
    for (const adder of own) expect(byName.get(adder)?.state, `${adder} has added ${name}`).toBe("complete");
    for (const { from, adds } of projectEdges(project).filter(({ to }) => to === name))
      for (const adder of [...(adds ? [from] : []), ...chainOf(from)])
        expect(byName.get(adder)?.state, `${adder} adds what ${name} waits for`).toBe("complete");
  }

  /** Passes until nothing can run; every other one is cut off, if `cuts`. */
  settle(project: RecordedProject, cuts: boolean): RecordedProject {
    for (let passes = 0, at = project; ; passes++) {
      const next = this.pass(at, cuts && passes % 2 === 0);
      if (!next) return at;
      expect(passes, "passes come to an end").toBeLessThan(200);
      at = next;
    }
  }
}

function stepOf(node: string, state: TaskStep["state"], value?: unknown): TaskStep {
  return { step: { node }, state, attempts: 1, startedAt: 1, endedAt: 2, value };
}

/** What a project has come to, whatever the way. */
const endOf = (project: RecordedProject) =>
  [...project.tasks]
    .map(({ name, state, addedBy, identity }) => ({ name, state, addedBy, identity }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** All matching tasks are done before the one that waits for them. */
function judgeOrder(project: RecordedProject, done: readonly string[]): void {
  for (const { from, to } of projectEdges(project)) {
    const [before, after] = [done.lastIndexOf(from), done.lastIndexOf(to)];
    if (before >= 0 && after >= 0) expect(before, `${to} waits for ${from}`).toBeLessThan(after);
  }
}

describe("15. random projects", () => {
  it("run in order, come to an end, and the same one however often they are cut off", { timeout: 300_000 }, () => {
    let [projects, added, failed] = [0, 0, 0];
    for (let seed = 0; seed < 120; seed++) {
      const random = seededRandom("added", seed);
      const given = randomSource(random);
      let built: ReturnType<typeof buildTasks>;
      try {
        built = buildTasks(given);
      } catch {
        continue;
      }
      projects++;
      const begun = mergeProject(EMPTY_PROJECT, built, "main");
      const calm = new World(seededRandom("calm", seed));
      const ended = calm.settle(begun, false);
      judgeOrder(ended, calm.done);
      added += ended.tasks.length - NAMES.length;
      failed += ended.tasks.filter(({ state }) => state === "failed").length;
      // What comes of lists that contradict each other depends on which of them came first.
      if (ended.tasks.some(({ state }) => state === "failed")) continue;
      const stormy = new World(seededRandom("storm", seed));
      const survived = stormy.settle(begun, true);
      expect(endOf(survived), `seed ${seed}`).toEqual(endOf(ended));
      judgeOrder(survived, stormy.done);
      // Merged once more, nothing has changed.
      expect(mergeProject(ended, built, "main")).toEqual(ended);
      again(ended, seed);
    }
    console.log(`${projects} projects, ${added} tasks added, ${failed} failed`);
    expect([projects > 50, added > 150]).toEqual([true, true]);
  });
});

/** Done again with other lists, whatever was added by them and is no more never runs. */
function again(project: RecordedProject, seed: number): void {
  const world = new World(seededRandom("again", seed));
  world.version = 1;
  const reset = resetTasks(
    project,
    NAMES.filter((_, i) => (seed >> i) % 2 === 1),
  );
  const ended = world.settle(reset, false);
  for (const { name, state, addedBy } of ended.tasks) {
    if (name.includes("-") && state !== "orphaned") expect(addedBy, name).toBeDefined();
    if (state === "orphaned" && addedBy === undefined) expect(world.done, name).not.toContain(name);
  }
  judgeOrder(
    ended,
    [...project.tasks.map(({ name }) => name), ...world.done].filter((name) => world.done.includes(name)),
  );
}

/** Regular expressions that meet a text, made by loosening its letters. */
const meeting = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      ...[...text].map((letter) =>
        fc.constantFrom(
          letter,
          ".",
          `[${letter}x]`,
          `${letter}?`,
          `${letter}*`,
          `${letter}{1,2}`,
          `(?:${letter}|y)`,
          `z?${letter}`,
          `(${letter})`,
          `${letter}+`,
        ),
      ),
      fc.constantFrom("", ".*", "x?", "|other"),
    )
    .map((parts) => parts.join(""));

describe("15. a pattern", () => {
  it("that meets a text which may be added always waits for whoever adds it", () => {
    const pairs = fc
      .stringMatching(/^[a-c_-]{1,5}$/)
      .chain((text) => fc.tuple(fc.constant(text), meeting(text), meeting(text)));
    fc.assert(
      fc.property(pairs, ([text, adds, pattern]) => {
        for (const one of [adds, pattern]) expect(text).toMatch(new RegExp(`^(?:${one})$`));
        const { edges } = buildTasks([
          { name: "adder", cmd: "true", adds },
          { name: "waiter", "after-re": pattern },
        ]);
        expect(edges).toContainEqual({ from: "adder", to: "waiter", adds: true });
      }),
      { numRuns: 2_000, seed: 15 },
    );
  });
});
