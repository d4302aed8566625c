/** Checks a message where it comes in: that somebody may wait for it, and that it is what they wait for. */
import { type Manifest, MillraceError, messageTypes, type RunId, suggestName } from "@millrace/core";
import { issuesBy } from "./issues-by-schema.js";

/** What is sent to which flow's run. */
export interface SentMessage {
  readonly run: RunId;
  readonly flow: string;
  readonly name: string;
  readonly data: unknown;
}

/** @throws MillraceError `message-unknown`, `message-invalid`. */
export function checkMessage(manifest: Manifest, { run, flow, name, data }: SentMessage): void {
  const { names, open } = messageTypes(manifest, flow);
  if (!names.has(name)) {
    if (open) return;
    const known = [...names.keys()].sort();
    const list =
      known.length === 0 ? "It waits for none." : `It waits for ${known.map((one) => `"${one}"`).join(", ")}.`;
    throw new MillraceError("message-unknown", `${flow} never waits for a message "${name}".`, {
      hint: suggestName(name, known, list),
      data: { run, flow, name, known },
    });
  }
  const types = names.get(name) ?? [];
  const issues = types.map(({ schema }) => issuesBy(schema, data));
  if (issues.length === 0 || issues.some((found) => found.length === 0)) return;
  const text = types.map((type) => type.text).join(" | ");
  const lines = (issues[0] ?? []).map(({ message }) => `  ${message}`).join("\n");
  throw new MillraceError("message-invalid", `The message "${name}" is not what ${flow} waits for:\n${lines}`, {
    hint: `It waits for ${text}. From the command line: --data with JSON of that shape.`,
    data: { run, flow, name, issues: issues[0] },
  });
}
