/** Broken rules, as jobs and as documents in JSON: each is a good one with one seeded mistake. Every one is refused before anything starts, at the mistake. */
import { type Diagnostic, type Manifest, readRuleSet } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { checkJob, readJob } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles, jsonFindings, surroundings } from "./broken-files.js";
import { checkedProject } from "./job-project.js";
import { RULE_SET_MUTATORS } from "./rule-set-mutators.js";
import { RULES_MUTATORS } from "./rules-mutators.js";

const JOBS = 72;
const SETS = 66;
const FILE = "crawl.json";

const ref = (to: string): string => `$${`{{ ${to} }}`}`;
const GOOD = `{
  "version": 1,
  "name": "crawl",
  "unmatched": "ignore",
  "timeout": "10m",
  "window": 4,
  "limits": { "depth": 100, "tokens": 5000 },
  "variables": { "greeting": "Hello" },
  "rules": [
    { "name": "fetch", "filter": { "type": "page" }, "run": { "task": "Probe" },
      "params": { "name": { "from": "token", "path": "url" }, "journal": { "value": "crawl.log" } },
      "options": { "timeout": "30s", "priority": 2 },
      "onError": { "repeat": 2,
        "next": [{ "token": { "fields": { "type": { "value": "lost" }, "why": { "from": "error", "path": "message" } } } }] },
      "next": [
        { "each": { "from": "result", "path": "rows" },
          "token": { "fields": { "type": { "value": "row" }, "label": { "from": "item", "path": "label" } } } },
        { "token": { "fields": { "type": { "value": "text" }, "text": { "from": "result", "path": "name" } } } }
      ] },
    { "name": "shout", "filter": { "type": "text" }, "run": { "task": "Echo" },
      "params": { "text": { "template": "${ref("vars.greeting")} ${ref("token.text")}" }, "times": { "value": 2 } },
      "next": [{ "token": { "value": { "type": "sub" } }, "back": { "value": { "type": "done" } } }] },
    { "name": "index", "run": { "rule": "Index" }, "options": { "priority": 3 } },
    { "name": "measure", "filter": { "type": "sub" }, "next": [{ "return": { "from": "token", "path": "type" } }] },
    { "name": "done", "filter": { "type": "done" } }
  ],
  "tokens": [
    { "body": { "type": "page", "url": "/" } },
    { "id": "start", "body": { "type": "page", "url": "/start" } }
  ]
}
`;

let project: TestProject;
let manifest: Manifest;
beforeAll(async () => {
  ({ project, manifest } = await checkedProject(new URL("fixtures/rules", import.meta.url)));
  project.write(FILE, GOOD);
});
afterAll(() => project.remove());

const findings = (): Promise<readonly Diagnostic[]> =>
  checkJob(readJob(project.path("crawl.yaml"), { root: project.root, env: {} }), manifest);

test("the good rules are good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${JOBS} broken jobs of rules are refused, at the mistake`, { timeout: 300_000 }, () =>
  breakFiles({
    project,
    files: ["crawl.yaml", "common.yaml"],
    mutators: RULES_MUTATORS,
    seeds: JOBS,
    findings: async () => (await findings()).filter(({ severity }) => severity === "error"),
  }),
);

const findingsInJson = async (): Promise<readonly Diagnostic[]> =>
  jsonFindings({ file: FILE, text: project.read(FILE) }, (value) => readRuleSet(value, surroundings(manifest)));

test("the good rule set in JSON is good", async () => {
  expect(await findingsInJson()).toEqual([]);
});

test(`${SETS} broken rule sets in JSON are refused, at the mistake`, { timeout: 300_000 }, () =>
  breakFiles({
    project,
    files: [FILE],
    mutators: RULE_SET_MUTATORS,
    seeds: SETS,
    findings: findingsInJson,
    follows: true,
  }),
);
