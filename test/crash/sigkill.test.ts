/** SIGKILL at 20 seeded lines of the journal: what was recorded is in the result, and nothing recorded ran twice. */
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../engine/random-bodies.js";
import { crashProject } from "./crash-project.js";
import { type Kill, killAndResume } from "./kill-and-resume.js";

const STEPS = 500;
const KILLS = 20;

let built: TestProject;

beforeAll(async () => {
  built = await crashProject();
});

afterAll(() => built.remove());

/** Line counts from one end of the run to the other, each drawn from its share of it by a seed. */
function targets(count: number): number[] {
  const next = random(20_26);
  return Array.from({ length: count }, (_, i) => Math.floor((0.05 + (0.9 * (i + next())) / count) * STEPS));
}

async function killAll(count: number, recording: "on" | "off"): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (const target of targets(count)) {
    const kill = await killAndResume(built, target, recording);
    kills.push(kill);
    const twice = [...kill.executions.values()].filter((n) => n > 1).length;
    console.log(
      `killed at line ${String(target).padStart(3)}: ${String(kill.recorded.length).padStart(3)} recorded, ` +
        `${kill.totals.restored} restored, ${twice} unrecorded steps ran twice, integrity ${kill.integrity}`,
    );
  }
  return kills;
}

/** Everything the guarantee says, for any set of kills. Throws at the first thing that does not hold. */
function judge(kills: readonly Kill[]): void {
  for (const kill of kills) {
    const where = `killed at line ${kill.target}`;
    expect(kill.integrity, where).toBe("ok");
    expect(kill.status, where).toBe("succeeded");
    expect(kill.nonces.size, where).toBe(STEPS);
    expect(
      kill.recorded.filter(({ nonce }) => !kill.nonces.has(nonce)),
      `${where}: recorded results missing from the result`,
    ).toEqual([]);
    expect(
      kill.recorded.filter(({ key }) => kill.executions.get(key) !== 1),
      `${where}: recorded steps that ran again`,
    ).toEqual([]);
    expect(
      kill.recorded.map(({ count }) => count),
      `${where}: what recorded steps had counted up to`,
    ).toEqual(kill.recorded.map((_, i) => i + 1));
    expect(kill.shared, where).toEqual([
      ["steps", STEPS],
      ["turns", 40],
    ]);
  }
  const inside = kills.filter(({ recorded }) => recorded.length >= STEPS * 0.1 && recorded.length <= STEPS * 0.9);
  expect(inside.length, "kills that leave 10 to 90 % recorded").toBeGreaterThanOrEqual((kills.length * 15) / 20);
}

describe("a run of 500 steps", () => {
  it(`survives SIGKILL at ${KILLS} seeded moments`, { timeout: 600_000 }, async () => {
    judge(await killAll(KILLS, "on"));
  });

  it("fails the same judgement when recording is switched off", { timeout: 300_000 }, async () => {
    const kills = await killAll(4, "off");
    expect(() => judge(kills)).toThrow(/10 to 90 % recorded/);
  });
});
