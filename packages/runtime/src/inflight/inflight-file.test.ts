import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, RunId, StepKey } from "@millrace/core";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { InflightFile } from "./inflight-file.js";
import { InflightNotes } from "./inflight-notes.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "millrace-inflight-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** What the next life finds, if the process dies now. */
function suspects(path: string): Record<string, number> {
  return Object.fromEntries(InflightFile.takeOver(path).suspicions);
}

const KEYS = ["F/a#b@c~1/1", 'F/m[he said "no"\n+x]/2', "F/é😀\ud800/1", "=3 F", "__proto__"] as StepKey[];

it("whenever a process dies, just what was away is suspect one more time", () => {
  const events = fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ type: fc.constantFrom("leave", "back", "flush"), key: fc.nat(KEYS.length - 1) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constantFrom("die", "suspend"), key: fc.constant(0) }) },
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(events, (list) => {
      const path = join(dir, "inflight", "run");
      rmSync(path, { force: true });
      let file = InflightFile.begin(path);
      const away = new Set<StepKey>();
      const times = new Map<StepKey, number>();
      for (const { type, key: index } of list) {
        const key = KEYS[index] as StepKey;
        if (type === "leave") {
          away.add(key);
          file.leave([key]);
        } else if (type === "back") {
          away.delete(key);
          file.back(key);
        } else if (type === "flush") file.flush();
        else {
          if (type === "suspend") {
            away.clear();
            file.close("suspended");
          }
          // Who was back had been written down by the end of the turn.
          file.flush();
          for (const suspect of away) times.set(suspect, (times.get(suspect) ?? 0) + 1);
          away.clear();
          const taken = InflightFile.takeOver(path);
          file = taken.file;
          expect(new Map(taken.suspicions)).toEqual(times);
        }
      }
      file.close("ended");
      expect(existsSync(path)).toBe(false);
    }),
    { seed: 3, numRuns: 300 },
  );
});

it("a torn line is passed over", () => {
  const path = join(dir, "run");
  InflightFile.begin(path).leave(["a", "b"] as StepKey[]);
  appendFileSync(path, '-"a"\n+"c');
  expect(suspects(path)).toEqual({ b: 1 });
  writeFileSync(path, '\0\0\0\n=x "a"\n=2 "b"\n+');
  expect(suspects(path)).toEqual({ b: 2 });
});

it("does not grow with what has come back", () => {
  const path = join(dir, "run");
  const file = InflightFile.begin(path);
  file.leave(["stays" as StepKey]);
  for (let step = 0; step < 60_000; step += 1) {
    const key = `F/some#Task@place~1/${step}` as StepKey;
    file.leave([key]);
    file.back(key);
  }
  expect(statSync(path).size).toBeLessThan(1.1 * 2 ** 20);
  file.flush();
  expect(suspects(path)).toEqual({ stays: 1 });
});

it("an owner that has lost its run leaves the note to the next one", () => {
  const path = join(dir, "run");
  const stale = InflightFile.begin(path);
  stale.leave(["a" as StepKey]);
  const { file } = InflightFile.takeOver(path);
  file.leave(["b" as StepKey]);
  stale.close("lost");
  expect(suspects(path)).toEqual({ a: 1, b: 1 });
});

it("a disk that refuses notes costs no run", () => {
  writeFileSync(join(dir, "inflight"), "no folder");
  const notes = new InflightNotes(dir);
  // Safe: of a job the notes need no more.
  const job = { run: "r" as RunId, key: "k" as StepKey } as Job;
  expect(notes.takeOver(job.run)).toEqual(new Map());
  notes.leave([job]);
  notes.back(job);
  notes.close(job.run, "suspended");
  expect(readFileSync(join(dir, "inflight"), "utf8")).toBe("no folder");
});

it("a run that begins anew is not suspect for what an older one of its id has left", () => {
  const path = join(dir, "again");
  for (let life = 0; life < 2; life++) InflightFile.begin(path).leave(KEYS);
  expect(suspects(path)).toEqual(Object.fromEntries(KEYS.map((key) => [key, 1])));
  // The same through a store that was thrown away twice, each time after a crash and a resume.
  InflightFile.takeOver(path).file.leave(KEYS);
  InflightFile.begin(path).leave(KEYS.slice(0, 1));
  expect(suspects(path)).toEqual({ [KEYS[0] as string]: 1 });
});
