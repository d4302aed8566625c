/** Rule sets as they stand in JSON files: what follows is found by matching tokens. */
import type { JobParam, RuleSet, RuleSpec, Token } from "@millrace/core";
import { observedRun } from "../observed-run.js";
import type { Workload } from "../workload.js";
import type { FrontEnd, Way } from "./front-end.js";

const result: JobParam = { from: "result" };
const ofToken = (path: string): JobParam => ({ from: "token", path });

/** A rule for tokens of its own name; it runs a task with parts of the token, and gives a token of the next name. */
function rule(task: string, params: readonly string[], next?: Readonly<Record<string, JobParam>>): RuleSpec {
  const name = task.toLowerCase();
  return {
    name,
    filter: { type: name },
    run: { task },
    params: Object.fromEntries(params.map((param) => [param, ofToken(param)])),
    next: next ? [{ token: { fields: next } }] : [],
  };
}

const type = (name: string): { readonly type: JobParam } => ({ type: { value: name } });

function setOf(name: Workload, rules: readonly RuleSpec[], tokens: readonly Token[]): RuleSet {
  return { version: 1, name, rules, tokens: tokens.map((body) => ({ body })) };
}

const SETS: Readonly<Record<Workload, RuleSet>> = {
  // No rule sees two tokens: what the one way has found goes along with the token of the other.
  diamond: setOf(
    "diamond",
    [
      rule("Seed", ["n"], { ...type("double"), of: result, seed: result }),
      rule("Double", ["of"], { ...type("square"), of: ofToken("seed"), left: result }),
      rule("Square", ["of"], { ...type("sum"), left: ofToken("left"), right: result }),
      rule("Sum", ["left", "right"]),
    ],
    [{ type: "seed", n: 3 }],
  ),
  "second-wind": setOf(
    "second-wind",
    [
      rule("Seed", ["n"], { ...type("flaky"), of: result }),
      rule("Flaky", ["of"], { ...type("double"), of: result }),
      rule("Double", ["of"]),
    ],
    [{ type: "seed", n: 3 }],
  ),
  "five-items": setOf(
    "five-items",
    [rule("Item", ["i"])],
    [0, 1, 2, 3, 4].map((i) => ({ type: "item", i })),
  ),
};

/** Of several firings of one rule, the token tells which. */
function nameOf(node: string): string {
  return node.replace(/^item\[(\d)\]$/, "item-$1").replace(/\[.*$/, "");
}

function way(workload: Workload): Way {
  // The way through JSON is that of a file.
  const set = JSON.parse(JSON.stringify(SETS[workload])) as RuleSet;
  return { run: ({ engine }) => observedRun(workload, engine.start(set), { name: ({ node }) => nameOf(node) }) };
}

export const ruleSets: FrontEnd = {
  name: "rules",
  on: "tasks",
  ways: {
    diamond: { ...way("diamond"), note: "yes, one way after the other: a rule sees one token" },
    "second-wind": way("second-wind"),
    "five-items": way("five-items"),
  },
};
