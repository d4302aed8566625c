/** The report of a run: one page that loads nothing and runs nothing, with all that is on record about it. */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import type { ReportDocument } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";

const HOSTILE = `</pre><script>alert(1)</script><img src=x onerror=alert(1)>`;

const SOURCE = `
import { Flow, flow, param, Task, task } from "millrace";

@task({ retry: { attempts: 3 } })
export class Fetch extends Task<number> {
  @param() city!: string;
  run(): number {
    this.log.info("asking for " + this.city);
    if (this.city === "Bergen" && this.info.attempt < 3) throw new TypeError(${JSON.stringify(HOSTILE)});
    return this.city.length;
  }
}

@task()
export class Talk extends Task<void> {
  @param() lines!: number;
  run(): void {
    for (let i = 1; i <= this.lines; i++) console.log("line " + i + " of it");
  }
}

@task()
export class Send extends Task<void> {
  run(): void {
    throw new Error("no mail today");
  }
}

@flow()
export class Inner extends Flow<number> {
  @param() cities!: string[];
  async run(): Promise<number> {
    const all = await this.map(this.cities, (city) => this.call(Fetch, { city }));
    return all.length;
  }
}

@flow()
export class Report extends Flow<void> {
  async run(): Promise<void> {
    this.log.info("here it begins");
    await this.call(Inner, { cities: ["Oslo", "Bergen"] });
    await this.call(Talk, { lines: 120 });
    await this.call(Send);
  }
}

@flow()
export class Wide extends Flow<void> {
  async run(): Promise<void> {
    await this.map(Array.from({ length: 450 }, (_, i) => "city " + i), (city) => this.call(Fetch, { city }));
  }
}
`;

const SLOW = { timeout: 120_000 };

let project: TestProject;
beforeAll(async () => {
  project = await oneModule(SOURCE);
  await project.build();
}, SLOW.timeout);
afterAll(() => project?.remove());

interface Row {
  readonly classes: readonly string[];
  readonly name: string;
  readonly markup: string;
}

/** The rows of the timeline. */
function rowsOf(page: string): readonly Row[] {
  return page
    .split('<details class="row ')
    .slice(1)
    .map((markup) => ({
      classes: /^[^"]*/.exec(markup)?.[0].split(" ") ?? [],
      name: /<span class="name">([^<]*)</.exec(markup)?.[1] ?? "",
      markup: markup.split("</details>\n")[0] ?? "",
    }));
}

describe("of a run that failed", SLOW, () => {
  let page = "";
  let written: ReportDocument;
  beforeAll(async () => {
    expect((await project.flow("run", "Report", "--id", "first")).code).toBe(1);
    written = (await project.flow("report", "first", "--json")).json();
    page = project.read("first.html");
  }, SLOW.timeout);

  test("is a file named after it", () => {
    expect(written).toMatchObject({ run: "first", file: "first.html" });
    expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  test("loads nothing and runs nothing, whatever was said", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    expect(policy).toMatch(/^default-src 'none'; style-src /);
    const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text = ""]) => text);
    expect(styles).toHaveLength(2);
    for (const text of styles)
      expect(policy).toContain(`'sha256-${createHash("sha256").update(text).digest("base64")}'`);
    expect(page).not.toMatch(/<(script|img|link|iframe)|<[a-z][^>]*\s(style|on\w+)=/);
    expect(page).toContain("&#60;script&#62;alert(1)");
  });

  test("has a row for each step, in the order in which they began, with its attempts", () => {
    const rows = rowsOf(page);
    expect(rows.map(({ name }) => name).toSorted()).toEqual([
      "Inner",
      "Inner/Fetch[0]",
      "Inner/Fetch[1]",
      "Send",
      "Talk",
    ]);
    expect(rows.at(-1)?.name).toBe("Send");
    const bergen = rows.find(({ name }) => name === "Inner/Fetch[1]");
    expect(bergen?.markup.match(/<rect class="(\w+)"/g)).toEqual([
      '<rect class="failed"',
      '<rect class="failed"',
      '<rect class="succeeded"',
    ]);
    expect(bergen?.markup).toMatch(/<td>2<\/td>.*TypeError: &#60;\/pre&#62;/);
    expect(bergen?.markup.match(/asking for Bergen/g)).toHaveLength(3);
    expect(rows.find(({ name }) => name === "Send")?.markup).toMatch(
      /<pre class="wrong">Error: no mail today\n +at Send\.run/,
    );
  });

  test("tells the critical path, through sub-flows and not over them", () => {
    const steps = written.criticalPath.steps.map((key) => key.split("#").at(-1)?.split("/")[0]);
    expect(steps.slice(-2)).toEqual(["Talk", "Send"]);
    expect(steps[0]).toMatch(/^Fetch/);
    expect(rowsOf(page).filter(({ classes }) => classes.includes("path"))).toHaveLength(steps.length);
    expect(page).toMatch(/<dt>critical path<\/dt><dd>\d steps, /);
  });

  test("has the newest of many lines, what the flow said, and the graph", () => {
    const talk = rowsOf(page).find(({ name }) => name === "Talk")?.markup ?? "";
    expect(talk).toContain("… 20 lines before");
    expect(talk).not.toContain("line 20 of it");
    expect(talk).toContain("line 21 of it");
    expect(talk).toContain("line 120 of it");
    expect(page.slice(page.indexOf("What the run said"))).toContain("here it begins");
    expect(page).toContain('<title id="picture-title">Graph of Report</title>');
  });

  test("says why there is no graph once its build is gone", async () => {
    rmSync(project.path(".flow/build"), { recursive: true });
    const { code, stdout } = await project.flow("report", "first", "-o", "-");
    await project.build();
    expect(code).toBe(0);
    expect(stdout).toContain("It cannot be drawn: ");
    expect(rowsOf(stdout)).toHaveLength(5);
  });
});

test("of many steps: what did not succeed, what decided the end, and what took longest", SLOW, async () => {
  await project.flow("run", "Wide", "--id", "wide");
  const { stdout } = await project.flow("report", "wide", "-o", "-");
  expect(rowsOf(stdout)).toHaveLength(400);
  expect(stdout).toContain("50 steps more");
  const path = Number(/the critical path \((\d+)\)/.exec(stdout)?.[1]);
  expect(rowsOf(stdout).filter(({ classes }) => classes.includes("path"))).toHaveLength(Math.min(path, 400));
});

test("of a job graph and of rules, with their pictures", SLOW, async () => {
  const nodes = [{ id: "a", run: { task: "Fetch" }, params: { city: { value: "Oslo" } } }];
  project.write("graph.json", JSON.stringify({ version: 1, name: "nodes", nodes, edges: [] }));
  await project.flow("run", "graph.json", "--id", "graph");
  const graph = (await project.flow("report", "graph", "-o", "-")).stdout;
  expect(graph).toContain("Graph of nodes");
  expect(rowsOf(graph).map(({ name }) => name)).toEqual(["a"]);
  const rules = [
    { name: "fetch", filter: {}, run: { task: "Fetch" }, params: { city: { from: "token", path: "city" } } },
  ];
  project.write("rules.json", JSON.stringify({ version: 1, name: "set", rules, tokens: [{ body: { city: "Oslo" } }] }));
  await project.flow("run", "rules.json", "--id", "rules");
  expect((await project.flow("report", "rules", "-o", "-")).stdout).toContain("Graph of set");
});

test("where it cannot be written, or there is no such run, the error says so", SLOW, async () => {
  const unwritable = await project.flow("report", "first", "-o", "nowhere/report.html");
  expect([unwritable.code, unwritable.stderr]).toEqual([
    2,
    expect.stringContaining("nowhere/report.html cannot be written."),
  ]);
  const unknown = await project.flow("report", "frist");
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean "first"?')]);
});
