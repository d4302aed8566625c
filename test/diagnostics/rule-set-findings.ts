/** What the graph of a rule set in YAML tells, at the lines of the file. */
import { readFileSync } from "node:fs";
import { checkRuleSet, DIAGNOSTICS, type Manifest, type RuleSet } from "@millrace/core";
import { isNode, LineCounter, parseDocument } from "yaml";

/** True for a text that is a rule set and no job. */
export function isRuleSet(text: string): boolean {
  return /^rules:/m.test(text);
}

/** Findings as `line severity code`. */
export function ruleSetFindings(file: string, manifest: Manifest): readonly string[] {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
  const set = { version: 1, tokens: [], ...document.toJS() } as RuleSet; // the examples are rule sets
  return checkRuleSet(manifest, set).map(({ code, path }) => {
    const node = document.getIn(
      path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
      true,
    );
    const at = isNode(node) && node.range ? lines.linePos(node.range[0]).line : 0;
    return `${at} ${DIAGNOSTICS[code].severity} ${code}`;
  });
}
