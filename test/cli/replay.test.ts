/** One step again: with what it was given then and the code of now, in a debugger, as a test. */
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runVitest, vitestProject } from "../vitest-plugin/vitest-project.js";

const SLOW = { timeout: 120_000 };

/** `mark` is what a change of code changes. */
const source = (mark: string): string => `
import { Flow, flow, param, Secret, Task, task } from "millrace";

@task()
export class Total extends Task<string> {
  @param() of!: Map<string, number[]>;
  @param() since!: Date;
  @param() key?: Secret<string>;
  run(): string {
    const sum = [...this.of.values()].flat().reduce((all, each) => all + each, 0);
    this.log.info("added up");
    return this.since.getUTCFullYear() + ${mark} + sum;
  }
}

@task({ retry: { attempts: 3, delay: 1 } })
export class Send extends Task<number> {
  @param() text!: string;
  run(): number {
    if (${mark} === ": ") throw new RangeError("no mail for " + this.text);
    return this.text.length;
  }
}

@task()
export class Make extends Task<number[]> {
  run(): number[] {
    return Array.from({ length: 500 }, (_, i) => i);
  }
}

@task()
export default class Count extends Task<number> {
  @param() list!: number[];
  run(): number {
    return this.list.length;
  }
}

@flow()
export class Inner extends Flow<string> {
  async run(): Promise<string> {
    return this.call(Total, { of: new Map([["a", [1, 2]], ["b", [4]]]), since: new Date(0), key: Secret.env("KEY") });
  }
}

@flow()
export class Report extends Flow<number> {
  async run(): Promise<number> {
    const text = await this.call(Inner);
    await this.call(Inner);
    const counted = await this.call(Count, { list: await this.ref(Make) });
    return counted + (await this.call(Send, { text: text + "!" }));
  }
}
`;

let project: TestProject;
let inner: string;
beforeAll(async () => {
  project = await vitestProject({ "src/report.ts": source('": "') });
  expect((await project.flow("run", "Report", "--id", "first")).code).toBe(1);
  const { steps } = (await project.flow("show", "first", "--json")).json<{ steps: { key: string; task: string }[] }>();
  inner = steps.find(({ task }) => task === "Total")?.key ?? "";
}, SLOW.timeout);
afterAll(() => project?.remove());

const replayed = async (step: string, ...more: readonly string[]) => {
  const { code, stdout, stderr } = await project.flow("replay", "first", step, ...more);
  return { code, stdout, stderr };
};

describe("flow replay", SLOW, () => {
  test("runs the step with what it was given, and leaves no run behind", async () => {
    const before = (await project.flow("runs", "--json")).stdout;
    const { code, stdout, stderr } = await replayed(inner);
    expect([code, JSON.parse(stdout)]).toEqual([0, { Total: "1970: 7" }]);
    expect(stderr).toContain("added up");
    expect((await project.flow("runs", "--json")).stdout).toBe(before);
  });

  test("puts what a Ref stood for in its place", async () => {
    expect(JSON.parse((await replayed("Count")).stdout)).toEqual({ Count: 500 });
  });

  test("tries once, and says nothing of going on with it", async () => {
    const { code, stderr } = await replayed("Send");
    expect(code).toBe(1);
    expect(stderr).toContain("no mail for 1970: 7!");
    expect(stderr).not.toMatch(/attempt|resume/);
  });

  test("runs the code of now", async () => {
    project.write("src/report.ts", source('" = "'));
    expect(JSON.parse((await replayed("Send")).stdout)).toEqual({ Send: "1970: 7!".length });
    expect(JSON.parse((await replayed(inner)).stdout)).toEqual({ Total: "1970 = 7" });
  });

  test.each([
    { step: "Sned", says: 'Did you mean "Send"?' },
    { step: "Total", says: "Name one: Report/Report.run#Inner@text/0/" },
    { step: "Make", more: ["--save-test", "src/report.ts"], says: "src/report.ts exists already." },
  ])("is refused for $step: $says", async ({ step, more = [], says }) => {
    const { code, stderr } = await replayed(step, ...more);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });

  test("is refused for what is no task, and for one that the build has no more", async () => {
    const { steps } = (await project.flow("show", "first", "--json")).json<{
      steps: { key: string; task: string }[];
    }>();
    const subflow = await replayed(steps.find(({ task }) => task === "Inner")?.key ?? "");
    expect([subflow.code, subflow.stderr]).toEqual([2, expect.stringContaining("A replay is of a task that has run.")]);
    project.write("src/report.ts", source('": "').replaceAll("Send", "Post"));
    const gone = await replayed("Send");
    project.write("src/report.ts", source('": "'));
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining("the build has no such task")]);
  });

  test("stops in the task for a debugger that is attached", async () => {
    await using running = project.start(["replay", "first", "Send", "--inspect"]);
    const [, address = ""] = /ws:\/\/([\d.:]+)\//.exec(await running.line(/attach to ws:/)) ?? [];
    await using client = project.node(["inspect", address]);
    await client.line(/break in .*debugger|debugger;/);
    const { build } = JSON.parse(project.read(".flow/manifest.json"));
    const compiled = project.read(`.flow/build/${build}/src/report.mjs`).split("\n");
    const line = compiled.findIndex((text) => text.includes("no mail for")) + 1;
    client.stdin.write(`sb('report.mjs', ${line})\ncont\n`);
    await client.line(/break in .*report\.(mjs|ts)/);
    client.stdin.write("exec('this.text.toUpperCase()')\n");
    await client.line("'1970: 7!'");
    client.stdin.write("cont\n");
    await running.line(/no mail for/);
    client.stdin.write(".exit\n");
    expect((await running.done).code).toBe(1);
  });
});

test("saved as tests, steps give then what they gave", SLOW, async () => {
  for (const step of [inner, "Count", "Send"]) {
    const { code, stderr } = await replayed(step, "--save-test");
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Wrote test\/[\w-]+\.replay\.test\.ts\.\n$/)]);
  }
  expect(project.read("test/Inner-Total.replay.test.ts")).toBe(`import { Secret } from "millrace";
import { openTestEngine } from "millrace/testing";
import { expect, test } from "vitest";
import { Total } from "../src/report.js";

test("Total, as Inner/Total of run first", async () => {
  await using engine = await openTestEngine();
  const result = engine.runTask(Total, {
    of: new Map([["a", [1, 2]], ["b", [4]]]),
    since: new Date("1970-01-01T00:00:00.000Z"),
    key: Secret.parse("env:KEY"),
  });
  expect(await result).toEqual("1970: 7");
});
`);
  expect(project.read("test/Count.replay.test.ts")).toContain('import Count from "../src/report.js";');
  expect(project.read("test/Send.replay.test.ts")).toContain(
    'await expect(result).rejects.toThrow("no mail for 1970: 7!");',
  );
  const right = await runVitest(project);
  expect(right.output).toMatch(/Tests +3 passed/);
  // They are tests: another result fails them.
  project.write("src/report.ts", source('" = "'));
  expect((await runVitest(project)).output).toMatch(/Tests +2 failed \| 1 passed/);
});
