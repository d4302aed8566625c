import { describe, expect, it } from "vitest";
import { renderDot } from "../graph/render-dot.js";
import { renderMermaid } from "../graph/render-mermaid.js";
import { renderSuccessors } from "../graph/render-successors.js";
import { checkRuleSet } from "./check-rule-set.js";
import { drawRules } from "./draw-rules.js";
import type { Emits, RuleEntry } from "./rule-entry.js";
import { ruleGraph } from "./rule-graph.js";
import type { RuleSet, RuleSpec, Token } from "./rule-set.js";
import { ruleSuccessors } from "./rule-successors.js";

const token = (type: string): Emits => ({ type: "token", token: { name: type, has: { type } } });

/** Entries of rule classes, by id. Only what the graph reads. */
function built(rules: Readonly<Record<string, RuleEntry>>): Parameters<typeof ruleGraph>[1] {
  return { tasks: Object.fromEntries(Object.entries(rules).map(([id, rule]) => [id, { id, rule }])) } as never;
}

function ruleSet(rules: readonly RuleSpec[], ...tokens: readonly Token[]): RuleSet {
  return { version: 1, rules, tokens: tokens.map((body) => ({ body })) };
}

function edges(set: RuleSet, manifest = built({})): readonly string[] {
  return ruleGraph(set, manifest)
    .edges.filter(({ way }) => way !== "error")
    .map(
      ({ from = "start", to, token: name, way, verdict, symbolic }) =>
        `${from} -${way === "token" ? "" : `${way} `}${name}-> ${to} ${verdict}${symbolic ? " symbolic" : ""}`,
    );
}

function findings(set: RuleSet, manifest = built({})): readonly string[] {
  return checkRuleSet(manifest, set).map(({ code, path, message }) => `${path} ${code}: ${message}`);
}

const CRAWL: RuleEntry = {
  filters: [{ type: "page" }],
  match: true,
  emits: { type: "each", of: { type: "branch", arms: [token("page"), token("found"), { type: "end" }] } },
};
const REPORT: RuleEntry = { filters: [{ type: "found", ok: true }, { type: "done" }], emits: { type: "end" } };

describe("the graph of a rule set", () => {
  const set = ruleSet(
    [
      { name: "crawl", run: { rule: "Crawl" } },
      { name: "report", run: { rule: "Report" } },
      { name: "count", filter: {}, next: [] },
    ],
    { type: "page", url: "/" },
  );
  const manifest = built({ Crawl: CRAWL, Report: REPORT });

  it("leads from what is given to what may match it", () => {
    expect(edges(set, manifest)).toEqual([
      "start -page-> crawl may",
      "start -page-> count must",
      "crawl -page-> crawl may",
      "crawl -found-> report may",
      "crawl -found-> count must",
      "crawl -page-> count must",
    ]);
  });

  it("has the errors of rules, which a rule that handles one does not give again", () => {
    const handled = ruleSet(
      [
        { name: "work", filter: { n: 1 }, run: { task: "Work" } },
        { name: "retry", filter: { n: 2 }, run: { task: "Work" }, onError: { next: [{ token: { value: { n: 3 } } }] } },
        { name: "third", filter: { n: 3 } },
        { name: "handle", filter: { _error: true, rule: "work" }, next: [{ token: { value: { n: 2 } } }] },
      ],
      { n: 1 },
    );
    const all = ruleGraph(handled, built({})).edges.map(({ from, to, way }) => `${from} -${way}-> ${to}`);
    expect(all).toEqual([
      "undefined -token-> work",
      "work -error-> handle",
      "retry -token-> third",
      "handle -token-> retry",
    ]);
  });

  it("follows what a token hands on, and what it has of the variables", () => {
    const passed = ruleSet(
      [
        { name: "apply", filter: { do: "apply" }, next: [{ token: { from: "token", path: "next" } }] },
        { name: "shown", filter: { type: "shown" } },
        { name: "sent", filter: { type: "sent", to: "vars" } },
        { name: "other", filter: { type: "other" } },
      ],
      { do: "apply", next: { type: "shown" } },
      { do: "apply", next: { type: "sent", to: "vars" } },
    );
    expect(edges(passed).filter((edge) => edge.startsWith("apply"))).toEqual([
      "apply -shown-> shown must",
      "apply -sent-> sent must",
    ]);
    const [apply] = ruleGraph(passed, built({})).rules;
    expect([apply?.candidates, apply?.open]).toEqual([["sent", "shown"], false]);
    expect(findings(passed)).toEqual([
      "rules[3] rule-unreachable: other matches no token that this set begins with, and none that its rules give.",
    ]);
  });

  it("takes what is made while running for any token", () => {
    const open = ruleSet(
      [
        { name: "ask", filter: { q: 1 }, run: { task: "Ask" }, next: [{ token: { from: "result" } }] },
        { name: "typed", filter: { q: 2 }, next: [{ token: { fields: { type: { from: "token", path: "kind" } } } }] },
        { name: "all", filter: {} },
      ],
      { q: 1 },
    );
    expect(edges(open)).toContain("ask -…-> all must symbolic");
    expect(edges(open)).toContain("ask -…-> typed may symbolic");
    expect(edges(open)).toContain("typed -…-> all must symbolic");
    expect(findings(open)).toEqual([]);
  });

  it("gives back what was returned beside the token", () => {
    const set = ruleSet(
      [
        { name: "main", filter: { n: 1n }, next: [{ token: { value: { n: 2n } }, back: { value: { n: 3n } } }] },
        { name: "sub", filter: { n: 2n }, next: [{ return: { value: 5 } }] },
        { name: "five", filter: { n: 3n, returned: 5 } },
        { name: "else", filter: { n: 3n, other: 5 } },
      ],
      { n: 1n },
    );
    expect(edges(set)).toEqual([
      'start -{"n":"1n"}-> main must',
      'main -call {"n":"2n"}-> sub must',
      'main -back {"n":"3n"}-> five may',
    ]);
  });

  it("ends where tokens hold tokens without end", () => {
    const growing = ruleSet(
      [
        {
          name: "swap",
          filter: { n: 1 },
          next: [
            {
              token: {
                fields: { n: { value: 1 }, a: { fields: { b: { from: "token", path: "a" } } }, c: { value: [1] } },
              },
            },
          ],
        },
      ],
      { n: 1, a: 0 },
    );
    expect(edges(growing).length).toBeGreaterThan(1);
  });
});

describe("findings about a rule set", () => {
  it("names tokens that no rule matches, unless they may be let go", () => {
    const set = ruleSet(
      [
        { name: "one", filter: { n: 1 }, next: [{ each: { value: [1, 2] }, token: { value: [{ n: 2 }, { n: 3 }] } }] },
        { name: "two", filter: { n: 2 } },
      ],
      { n: 1 },
      { m: 1 },
    );
    expect(findings(set)).toEqual([
      "tokens[1] token-unmatched: The set begins with { m: 1 }, which no rule matches.",
      "rules[0] token-unmatched: one gives { n: 3 }, which no rule matches.",
    ]);
    expect(findings({ ...set, unmatched: "ignore" })).toEqual([]);
  });

  it("names calls that nothing returns from", () => {
    const set = (returning: boolean): RuleSet =>
      ruleSet(
        [
          {
            name: "main",
            filter: { at: "main" },
            next: [{ token: { value: { at: "sub" } }, back: { value: { at: "end" } } }],
          },
          { name: "sub", filter: { at: "sub" }, next: [{ token: { value: { at: "deep" } } }] },
          { name: "deep", filter: { at: "deep" }, next: returning ? [{ return: { value: 1 } }] : [] },
          { name: "end", filter: { at: "end" } },
        ],
        { at: "main" },
      );
    expect(findings(set(true))).toEqual([]);
    expect(findings(set(false))).toEqual([
      'rules[0] call-unreturned: main calls {"at":"sub"}, and no rule that this leads to returns: what is to follow the call never does.',
    ]);
  });

  it("says nothing of a set that is there for tokens from outside", () => {
    const rules = [
      { name: "one", filter: { n: 1 } },
      { name: "two", filter: { n: 2 } },
    ];
    expect(findings(ruleSet(rules))).toEqual([]);
    expect(findings({ ...ruleSet(rules, { n: 1 }), open: true })).toEqual([]);
  });
});

it("is drawn as boxes and arrows", () => {
  const set = ruleSet(
    [
      { name: "crawl", run: { rule: "Crawl" } },
      { name: "report", filter: { type: "found" }, run: { flow: "Report" } },
      { name: "mail", filter: { _error: true }, run: { shell: "mail" }, next: [{ token: { value: { type: "odd" } } }] },
    ],
    { type: "page" },
  );
  const drawing = drawRules(set, ruleGraph(set, built({ Crawl: CRAWL })));
  expect(renderMermaid(drawing).split("\n").slice(0, 12)).toMatchInlineSnapshot(`
    [
      "flowchart TD",
      "  start("1 token")",
      "  n0["crawl<br/>rule Crawl"]",
      "  n1[["report<br/>flow Report"]]:::flow",
      "  n2("mail<br/>command")",
      "  u0{{"odd<br/>no rule"}}:::dynamic",
      "  start -.->|"page"| n0",
      "  n0 -.->|"page"| n0",
      "  n0 -->|"found"| n1",
      "  n0 -.->|"_error"| n2",
      "  n1 -.->|"_error"| n2",
      "  n2 -->|"odd"| u0",
    ]
  `);
  expect(renderDot(drawing)).toContain('n1 [label="report\\nflow Report", peripheries=2]');
});

it("has its successors in words", () => {
  const set = ruleSet(
    [
      { name: "crawl", run: { rule: "Crawl" } },
      {
        name: "main",
        filter: { type: "main" },
        next: [{ token: { from: "token", path: "run" }, back: { value: { type: "page" } } }],
      },
      { name: "sub", filter: { type: "sub" }, next: [{ return: { from: "token" } }] },
    ],
    { type: "main", run: { type: "sub" } },
    { type: "page" },
  );
  expect(
    renderSuccessors(ruleSuccessors(set, ruleGraph(set, built({ Crawl: CRAWL })))).split("\n"),
  ).toMatchInlineSnapshot(`
    [
      "start -> List[main, page]",
      "crawl -> each*[Branch(crawl)[a=page, b=found, c=end]]",
      "main  -> call sub(main; returns to page)",
      "sub   -> return",
    ]
  `);
});
