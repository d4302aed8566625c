import { expect, test } from "vitest";
import { declarationOf } from "../metadata/store.js";
import { Rule } from "../rule.js";
import { rule } from "./rule.js";

class Crawl extends Rule {
  next(): undefined {
    return undefined;
  }
}
class Keep extends Crawl {}
class Mail extends Crawl {}

test("a bare @rule, and one with options, say what they were given; a derived class says it for itself", () => {
  rule(Crawl); // as both conventions call a bare decorator
  rule({ id: "keep", when: { type: "found" }, timeout: "1s" })(Keep);
  rule({ when: [{ a: 1 }, { b: 2 }] })(Mail, undefined);
  expect([Crawl, Keep, Mail].map(declarationOf)).toEqual([
    { kind: "task", id: undefined, options: {}, rule: {} },
    { kind: "task", id: "keep", options: { id: "keep", timeout: "1s" }, rule: { filters: [{ type: "found" }] } },
    { kind: "task", id: undefined, options: {}, rule: { filters: [{ a: 1 }, { b: 2 }] } },
  ]);
  expect(declarationOf(class extends Keep {})).toBeUndefined();
});
