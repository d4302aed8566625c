/** Rules on the command line: run from files, killed at any instant and gone on with, looked at, held at breakpoints, changed. */
import { existsSync, rmSync } from "node:fs";
import type { Token } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

const SLOW = { timeout: 180_000 };

let project: TestProject;
beforeAll(async () => {
  project = await helloProject();
  await project.flow("build");
});
beforeEach(() => rmSync(project.path("journal"), { force: true }));
afterAll(() => project.remove());

/** A token that carries all that follow it. */
function chain(...names: readonly string[]): Token {
  const [name, ...rest] = names;
  return { type: "link", name, after: rest.length === 0 ? null : chain(...rest) };
}

/** Each link notes its name, and gives the next one and a note. */
const LINKS = {
  version: 1,
  name: "links",
  rules: [
    {
      name: "link",
      filter: { type: "link" },
      run: { shell: 'echo "$NAME" >> journal' },
      params: { "env.NAME": { from: "token", path: "name" } },
      next: [
        { token: { from: "token", path: "after" } },
        { token: { fields: { type: { value: "note" }, of: { from: "token", path: "name" } } } },
      ],
    },
    { name: "note", filter: { type: "note" }, run: { task: "Greet" }, params: { name: { from: "token", path: "of" } } },
  ],
  tokens: [{ body: chain("a", "b", "c") }],
};

function journal(): readonly string[] {
  return existsSync(project.path("journal")) ? project.read("journal").trim().split("\n") : [];
}

describe("7.3.16 SIGKILL between the end of a firing and its successors", SLOW, () => {
  test.each([
    ...[1, 2, 3, 4, 5, 6].map((n) => `delivery:${n}`),
    ...[1, 3, 6].map((n) => `after-commit.step-settled:${n}`),
    ...[1, 4].map((n) => `before-commit.step-settled:${n}`),
  ])("16: at %s, another process goes on, and each successor is there once", async (failpoint) => {
    // One at a time: at the end of a firing no other is on its way, which would run again.
    project.write("links.json", JSON.stringify({ ...LINKS, window: 1 }));
    const id = failpoint.replaceAll(/[^a-z0-9]/g, "-");
    const killed = await project.start(["run", "links.json", "--id", id], { env: { MILLRACE_FAILPOINT: failpoint } })
      .done;
    expect(killed.signal).toBe("SIGKILL");
    const done = await project.flow("resume", id, "--json");
    expect(done.json()).toMatchObject({ status: "succeeded", result: { tokens: 6, firings: 6, unmatched: [] } });
    const { steps } = (await project.flow("show", id, "--json")).json<{ steps: readonly { key: string }[] }>();
    expect(new Set(steps.map(({ key }) => key)).size).toBe(6);
    // What was on record has not run again; what was on its way when the process died may have.
    const names = journal();
    expect([...new Set(names)]).toEqual(["a", "b", "c"]);
    if (!failpoint.startsWith("before")) expect(names).toEqual(["a", "b", "c"]);
  });
});

test("5: the matrix of a run tells which rules gave tokens to which, and its tree is what ran", SLOW, async () => {
  project.write(
    "links.json",
    JSON.stringify({ ...LINKS, tokens: [...LINKS.tokens, { id: "x", body: { type: "odd" } }] }),
  );
  await project.flow("run", "links.json", "--id", "matrix");
  const matrix = (await project.flow("matrix", "matrix", "--json")).json();
  expect(matrix).toMatchObject({
    run: "matrix",
    rules: "links",
    matrix: [
      { from: null, tokens: 2, fired: { link: 1 }, unmatched: 1 },
      { from: "link", tokens: 5, fired: { link: 2, note: 3 }, unmatched: 0 },
      { from: "note", tokens: 0, fired: {}, unmatched: 0 },
    ],
    held: [],
  });
  const { steps } = (await project.flow("show", "matrix", "--json")).json<{ steps: readonly { key: string }[] }>();
  const { tokens } = matrix as { tokens: readonly { firings: readonly { key: string }[] }[] };
  expect(tokens.flatMap(({ firings }) => firings.map(({ key }) => key)).sort()).toEqual(
    steps.map(({ key }) => key).sort(),
  );
  const table = (await project.flow("matrix", "matrix")).stdout;
  expect(table).toMatch(/^GAVE +TOKENS +link +note +UNMATCHED$/m);
  expect(table).toMatch(/^link +5 +2 +3 +·$/m);
  expect((await project.flow("matrix", "matrix", "--tree")).stdout).toMatch(
    /^ {2}\{"type":"link","name":"b".* → link$/m,
  );
  expect((await project.flow("graph", "matrix")).stdout).toContain("link");
});

test(
  "6: tokens at a breakpoint stay there over processes; one is changed, one dropped, the others go on",
  SLOW,
  async () => {
    const links = ["a", "b", "c", "d"].map((name) => ({ id: name, body: chain(name) }));
    project.write("held.json", JSON.stringify({ ...LINKS, name: "held", tokens: links }));
    const held = await project.flow(
      "run",
      "held.json",
      "--id",
      "held",
      "--break",
      '{"type":"link","name":"b"}',
      "--break",
      '{"name":"c"}',
      "--json",
    );
    expect(held.json()).toMatchObject({ status: "suspended" });
    expect(held.code).toBe(4);
    expect(journal().toSorted()).toEqual(["a", "d"]);
    const list = (await project.flow("break", "held")).stdout;
    for (const line of ['breakpoint {"type":"link","name":"b"}', "token[b]", "token[c]"]) expect(list).toContain(line);
    expect((await project.flow("matrix", "held")).stdout).toContain("Held at a breakpoint");
    await project.flow("send", "held", "rules", "--data", JSON.stringify({ edit: "b", body: { ...chain("changed") } }));
    await project.flow("send", "held", "rules", "--data", JSON.stringify({ drop: "c" }));
    await project.flow("continue", "held");
    const done = await project.flow("resume", "held", "--json");
    expect(done.json()).toMatchObject({ status: "succeeded", result: { unmatched: [] } });
    expect(journal().toSorted()).toEqual(["a", "changed", "d"]);
    expect((await project.flow("matrix", "held", "--tree")).stdout).toContain("c dropped");
  },
);

test("13: a rule that is added from another process counts for tokens behind it", SLOW, async () => {
  const rule = { name: "late", filter: { type: "link" }, run: { shell: "echo late >> journal" } };
  project.write("open.json", JSON.stringify({ ...LINKS, name: "open", open: true, tokens: [{ body: chain("a") }] }));
  const waiting = await project.flow("run", "open.json", "--id", "open", "--json");
  expect([waiting.code, waiting.json<{ status: string }>().status]).toEqual([4, "suspended"]);
  await project.flow("send", "open", "rules", "--data", JSON.stringify({ add: rule }));
  await project.flow("send", "open", "token", "--data", JSON.stringify(chain("b")));
  await project.flow(
    "send",
    "open",
    "rules",
    "--data",
    JSON.stringify({ add: { name: "wrong", run: { task: "Nobody" } } }),
  );
  await project.flow("send", "open", "rules", "--data", JSON.stringify({ close: true }));
  const done = await project.flow("resume", "open", "--json");
  expect(done.json()).toMatchObject({ status: "succeeded", result: { tokens: 4, firings: 5 } });
  expect(done.stderr).toMatch(/The rule cannot be used:[\s\S]*run\.task is "Nobody"/);
  expect(journal().toSorted()).toEqual(["a", "b", "late"]);
});

test("what is wrong with a rule set is told at once, each with its path, and nothing begins", async () => {
  const rules = [
    { name: "a", filter: {}, run: { task: "Gret" }, params: { name: { from: "tokn" } } },
    { name: "a", filter: 5, next: [{ token: { from: "vars", path: "x" } }, { back: { value: {} } }] },
    { name: "b", filter: {}, run: { local: "nobody" }, onError: { repeat: 2 } },
  ];
  project.write("wrong.json", JSON.stringify({ version: 1, name: "wrong", rules, tokens: [5] }));
  const { code, stderr } = await project.flow("run", "wrong.json");
  expect(code).toBe(2);
  for (const path of [
    '"rules[0].params.name" takes tokn.',
    '"rules[0].run.task" is "Gret"',
    '"rules[1].name" is "a", as is rules[0].name',
    '"rules[1].filter" must be an object',
    '"rules[1].next[0].token" takes vars.x, and there is no such variable',
    '"rules[1].next[1]" must have one of token, return',
    '"rules[2].run.local" is "nobody"',
    '"rules[2].onError.repeat" has no meaning here',
    '"tokens[0]" must be a token',
  ])
    expect(stderr).toContain(path);
  expect(stderr).toContain("wrong.json:1:");
  expect((await project.flow("runs", "--json")).json()).not.toContainEqual(expect.objectContaining({ flow: "wrong" }));
});
