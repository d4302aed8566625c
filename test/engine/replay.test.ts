/** Replay: random bodies, cut after any prefix of their record, go on exactly as they went, and nothing recorded runs twice. */
import { memoryStore } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { program, random } from "./random-bodies.js";
import {
  hooks,
  live,
  localsCutOff,
  ownDeliveries,
  ownLines,
  prefix,
  randomProject,
  settledKeys,
  untilDelivery,
} from "./random-runs.js";

const BODIES = Number(process.env.MILLRACE_BODIES ?? 300);
const UNSOUND = 100;
/** Every prefix of every body is tried, or one of each. */
const EVERY_PREFIX = process.env.MILLRACE_PREFIXES === "all";
const LIMIT_MS = 200 * BODIES * (EVERY_PREFIX ? 30 : 1);

let project: TestProject;
let lagging: TestProject;

beforeAll(async () => {
  project = await randomProject();
  lagging = await randomProject({ durability: "behind" });
});

afterAll(() => Promise.all([project.remove(), lagging.remove()]));

describe("replay of random bodies", { timeout: LIMIT_MS }, () => {
  it(`restores ${BODIES} bodies from their whole record: same trace, same outcome, nothing runs`, async () => {
    for (let seed = 1; seed <= BODIES; seed++) {
      const code = program(random(seed));
      const first = await live(project, memoryStore(), { code, seed, resumed: false });
      // All but the end: the process died just before it.
      const second = await live(project, await prefix(first.facts, first.facts.length - 1), {
        code,
        seed: seed + 1_000_000,
        resumed: true,
      });
      expect(ownLines(second.trace), `body ${seed}`).toEqual(ownLines(first.trace));
      expect(second.outcome, `body ${seed}`).toBe(first.outcome);
      // A function on the main thread that was still running when the body ended begins again, only to be aborted.
      const cutOff = localsCutOff(first.facts);
      expect(
        second.ran.filter((step) => !cutOff.has(step)),
        `body ${seed}`,
      ).toEqual([]);
    }
  });

  it.each([
    { durability: "before", bodies: BODIES },
    { durability: "behind", bodies: Math.ceil(BODIES / 3) },
  ])(
    `goes on from ${EVERY_PREFIX ? "every" : "a random"} prefix of $bodies bodies as the record says, and runs nothing recorded (durability: $durability)`,
    async ({ durability, bodies }) => {
      const at = durability === "behind" ? lagging : project;
      let cutInside = 0;
      for (let seed = 1; seed <= bodies; seed++) {
        const code = program(random(seed));
        const first = await live(at, memoryStore(), { code, seed, resumed: false });
        const most = first.facts.length - 1;
        const one = 1 + Math.floor(random(seed * 31)() * most);
        for (const length of EVERY_PREFIX ? Array.from({ length: most }, (_, i) => i + 1) : [one]) {
          const kept = first.facts.slice(0, length);
          const second = await live(at, await prefix(first.facts, length), {
            code,
            seed: seed + 2_000_000,
            resumed: true,
          });
          const recorded = new Set(settledKeys(kept));
          expect(
            second.ran.filter((key) => recorded.has(key)),
            `body ${seed}, cut after ${length}, ran a recorded step again`,
          ).toEqual([]);
          const n = ownDeliveries(kept);
          expect(untilDelivery(second.trace, n), `body ${seed}, cut after ${length}, saw another order`).toEqual(
            untilDelivery(first.trace, n),
          );
          if (length > 2 && length < most) cutInside++;
        }
      }
      // The cuts really fall inside: otherwise this test would show nothing.
      expect(cutInside).toBeGreaterThan(bodies / 2);
    },
  );

  it(`stops ${UNSOUND} bodies that read what no record holds, before any new effect`, async () => {
    for (let seed = 1; seed <= UNSOUND; seed++) {
      const code = program(random(seed), "unsound");
      hooks.hidden = 0;
      const first = await live(project, memoryStore(), { code, seed, resumed: false });
      // The step that was chosen by it has been recorded.
      const chosen = first.facts.findIndex((fact) => fact.kind === "step-settled" && fact.task.startsWith("T"));
      const length = chosen + 1 + Math.floor(random(seed * 41)() * (first.facts.length - 1 - chosen));
      hooks.hidden = 1;
      const second = await live(project, await prefix(first.facts, length), {
        code,
        seed: seed + 5_000_000,
        resumed: true,
      });
      expect({ outcome: second.outcome, ran: second.ran }, `body ${seed}`).toEqual({ outcome: "diverged", ran: [] });
    }
  });

  it("goes on from a prefix of a second life, which tried a failure again, in the order of that life", async () => {
    let secondLives = 0;
    for (let seed = 1; seed <= BODIES; seed++) {
      const code = program(random(seed));
      const first = await live(project, memoryStore(), { code, seed, resumed: false });
      if (!/^e\d$/.test(first.outcome)) continue;
      const second = await live(project, await prefix(first.facts, first.facts.length), {
        code,
        seed: seed + 3_000_000,
        resumed: true,
      });
      const begin = first.facts.length + 1;
      if (second.facts.length - begin < 3) continue;
      secondLives++;
      const length = begin + 1 + Math.floor(random(seed * 37)() * (second.facts.length - begin - 2));
      const kept = second.facts.slice(0, length);
      const third = await live(project, await prefix(second.facts, length), {
        code,
        seed: seed + 4_000_000,
        resumed: true,
      });
      const n =
        ownDeliveries(kept.slice(begin)) + kept.filter((f) => f.kind === "record-moved" && f.body === "Random").length;
      expect(untilDelivery(third.trace, n), `body ${seed} saw another order`).toEqual(untilDelivery(second.trace, n));
      const inSecond = new Set(settledKeys(kept.slice(begin)));
      expect(
        third.ran.filter((key) => inSecond.has(key)),
        `body ${seed} ran a recorded step again`,
      ).toEqual([]);
    }
    expect(secondLives).toBeGreaterThan(BODIES / 20);
  });
});
