/** The short name of a step for people: node, map items and turns, without sites. Used by observers and tables. */
import { decodeSegment } from "../identity/segment.js";
import { parseSite } from "../identity/site.js";
import { type KeyPart, parseKey } from "../identity/step-key.js";
import type { StepRef } from "./events.js";

/**
 * `FetchForecast[Oslo]`: the node with the keys of the map items around it; `Fetch#3` is its third turn, and a sub-flow
 * stands in front: `Nightly/Fetch[Oslo]`. Falls back to the node id if the key cannot be read.
 */
export function stepLabel(step: Pick<StepRef, "key" | "node">): string {
  const parts = parseKey(step.key);
  if (parts?.at(-1)?.kind !== "site") return step.node;
  let label = "";
  let items = "";
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    if (part.kind === "item") items += `[${part.text}]`;
    else if (last) label += step.node + items + turn(part);
    else if (part.kind === "site" && parts[i + 1]?.kind === "site") {
      label += `${calleeOf(part)}${items}${turn(part)}/`;
      items = "";
    }
  }
  return label;
}

function turn(part: KeyPart): string {
  return part.ordinal ? `#${part.ordinal + 1}` : "";
}

function calleeOf(part: KeyPart): string {
  // The site of code that no build has seen tells a place alone: the file's name and the line.
  return parseSite(part.text)?.callee ?? decodeSegment(part.text).replace(/^(?:.*\/|unbuilt:)/, "");
}
