/** One of eight light steps in a thread dies, each way there is: its neighbours pay nothing. And steps that give back or say too much. */
import { readdirSync } from "node:fs";
import { openEngine, threadExecutor } from "@millrace/runtime";
import { EventLog, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crashProject } from "./crash-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await crashProject();
});
afterAll(() => project.remove());

/** What `Together` returns. */
interface End {
  readonly status: string;
  readonly code?: string;
  readonly message?: string;
}

const DEATHS: [how: string, code: string, message: RegExp, takesThread: boolean][] = [
  ["exit", "step-exited", /^Task Culprit .* called process\.exit\(7\)\.$/, false],
  ["abort", "step-exited", /^Task Culprit .* called process\.abort\(\)\.$/, false],
  ["stray throw", "Error", /^thrown where nobody waits$/, false],
  ["stray rejection", "Error", /^rejected where nobody waits$/, false],
  ["failed import", "module-failed", /^The module of task Broken could not be loaded: broken at its top level$/, false],
  ["real exit", "thread-lost", /^The worker thread died inside task Culprit /, true],
  ["out of memory", "out-of-memory", /^Task Culprit .* ran out of memory\.$/, true],
  [
    "endless loop",
    "step-timeout",
    /^Culprit.* ran longer than its timeout of 300 ms\. .*its thread was ended\.$/,
    true,
  ],
];

describe("seven neighbours of a step that dies by", () => {
  it.each(DEATHS)("%s end well at their first attempt", async (how, code, message, takesThread) => {
    const log = new EventLog();
    const executor = threadExecutor({ threads: 4, resourceLimits: { maxOldGenerationSizeMb: 64 } });
    const engine = await openEngine({ cwd: project.root, executor, observers: [log] });
    const ends = (await engine.start("Together", { how }).result()) as End[];
    await engine.close();
    await executor.close();

    expect(ends[0]).toMatchObject({ status: "failed", code, message: expect.stringMatching(message) as string });
    expect(ends.slice(1)).toEqual(Array(7).fill({ status: "succeeded" }));
    const neighbours = log.all.filter((event) => "step" in event && event.step?.task === "Neighbour");
    const settled = neighbours.flatMap((event) => (event.type === "step-settled" ? [event.attempts] : []));
    expect(settled).toEqual(Array(7).fill(1));
    const repeated = neighbours.filter(({ type }) => type === "step-redispatched").length;
    console.log(`${how}: ${repeated} neighbours began again`);
    expect(repeated).toBeLessThanOrEqual(takesThread ? 7 : 0);
  });
});

describe("a result of", () => {
  it("more than any store takes is refused with its size, without a limit, too", async () => {
    const args = ["run", "Heavily", "--load", "bytes", "--mib", "2100", "--id", "too-heavy"];
    const { code, stderr } = await project.flow(...args);
    expect(stderr).toMatch(
      /\[value-not-sendable\] The result of Heavy .* takes 22020\d{5} bytes, over its limit of 2147483647\.\n {2}hint: Return a path/,
    );
    expect(code).toBe(1);
  });

  it.each(["bytes", "list"])("1 GiB of %s is refused with its size by a limit", async (load) => {
    const args = ["run", "Heavily", "--load", load, "--mib", "1024", "--limit", "1000000", "--id", `heavy-${load}`];
    const { code, stdout, stderr } = await project.flow(...args);
    expect(stderr).toMatch(
      /\[value-not-sendable\] The result of Heavy .* takes 10737\d{5} bytes, over its limit of 1000000\.\n {2}hint: Return less/,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const view = JSON.parse((await project.flow("show", `heavy-${load}`, "--json")).stdout) as {
      run: { state: string };
    };
    expect(view.run.state).toBe("failed");
  });
});

describe("a step that logs 10,000 lines at once", () => {
  it.each([10, 5_000])("of %d characters ends well, and its file has them or says how many it lacks", async (chars) => {
    const id = `talking-${chars}`;
    const { code, stdout } = await project.flow(
      "run",
      "Talking",
      "--lines",
      "10000",
      "--chars",
      String(chars),
      "--id",
      id,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: "10000\n" });
    const folder = `.flow/logs/${id}`;
    const name = readdirSync(project.path(folder)).find((each) => each.startsWith("Talker")) ?? "";
    const lines = project
      .read(`${folder}/${name}`)
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { text: string }).text);
    const lacks = lines.flatMap(
      (text) => /^(\d[\d,]*) lines? of this log did not fit/.exec(text)?.[1]?.replaceAll(",", "") ?? [],
    );
    const lost = lacks.reduce((sum, count) => sum + Number(count), 0);
    console.log(`10,000 lines of ${chars} characters: ${lost} did not fit`);
    expect(lines.length - lacks.length + lost).toBe(10_000);
    const numbers = lines.flatMap((text) => (/^\d+ x/.test(text) ? [Number.parseInt(text, 10)] : []));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });
});
