/** Random bodies killed at random instants, some of them twice and more; `npm run kills` does it 500 times. */
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { program, random } from "../engine/random-bodies.js";
import { judge, stepsIn } from "./kills/judge-lives.js";
import { type History, type KilledLife, killsProject, liveThrough, type Sent } from "./kills/lives.js";

const KILLS = Number(process.env.MILLRACE_KILLS ?? 24);
/** Runs that live at the same time: a life waits for the start of its process most of the time. */
const AT_ONCE = 4;

let project: TestProject;

beforeAll(async () => {
  project = await killsProject();
});

afterAll(() => project.remove());

/** A random body, with one to three kills at the nth failpoint of a life, whichever it is. */
function history(seed: number): History {
  const next = random(seed);
  const pick = (n: number): number => Math.floor(next() * n);
  const code = program(random(seed));
  // A step meets about eight; the first twelve come before any. Many runs have ended before the last ones come.
  const nth = (): number => Math.floor(1 + 200 * next() ** 2);
  return {
    program: code,
    failpoints: Array.from({ length: 1 + pick(3) }, () => `any:${nth()}`),
    executor: seed % 3 === 0 ? "threads" : "inline",
    messages: Array.from({ length: 50 }, (): Sent | undefined =>
      next() < 0.3 ? { name: `m${pick(4)}`, data: pick(97) } : undefined,
    ),
    failures: 10,
    seed,
  };
}

interface Tally {
  runs: number;
  kills: number;
  /** With steps on record, and some to come. */
  inside: number;
  again: number;
}

/** Lives and judges runs until enough of them were killed. */
async function killMany(enough: number, change: (history: History) => History): Promise<Tally> {
  const tally: Tally = { runs: 0, kills: 0, inside: 0, again: 0 };
  let seed = 0;
  let first: Error | undefined;
  const work = async (): Promise<void> => {
    while (tally.kills < enough && !first) {
      const made = change(history(++seed));
      try {
        const lives = await liveThrough(project, made);
        await judge(project, made, lives);
        count(tally, lives);
      } catch (error) {
        const where = `body ${made.seed}, killed at ${made.failpoints.join(", ")}`;
        first ??= new Error(`${where}: ${(error as Error).message}`, { cause: error });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (first) throw first;
  return tally;
}

function count(tally: Tally, lives: readonly KilledLife[]): void {
  const all = stepsIn(lives.at(-1)?.facts ?? []);
  const killed = lives.filter((life) => life.killed);
  tally.runs++;
  tally.kills += killed.length;
  tally.inside += killed.filter(({ facts }) => stepsIn(facts) > 0 && stepsIn(facts) < all).length;
  if (killed.length > 1) tally.again++;
}

describe("random runs", { timeout: 60_000 + 10_000 * KILLS }, () => {
  it(`survive SIGKILL at ${KILLS} random instants`, async () => {
    const { runs, kills, inside, again } = await killMany(KILLS, (made) => made);
    console.log(
      `${kills} kills in ${runs} runs, ${again} of them killed more than once; ${inside} kills between steps`,
    );
    expect(inside).toBeGreaterThan(KILLS / 4);
  });

  it("do not, where outcomes are acknowledged before they are written", async () => {
    await expect(killMany(60, (made) => ({ ...made, store: "hasty" }))).rejects.toThrow(
      /not on record|recorded and run again/,
    );
  });
});
