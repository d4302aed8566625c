/**
 * Sites: the name of a call that survives moves and unrelated edits.
 *
 *   site     = owner "#" callee [ "@" receiver ] [ "~" n ]
 *   owner    = nearest named declaration that holds the call, e.g. `CityReport.run`, `loadAll`;
 *              prefixed `stem:` while two of the project share the name
 *   callee   = expression text without type arguments | `A|B` | `map` | `step:name` | `sleep` | `wait:name` | `name:x`
 *              | `shared:get:key` (no build stamps it: all of a flow that do the same with one key are one site)
 *   receiver = variable or property that gets the value | `return` | nothing
 *   n        = 2, 3, … among equals within the owner, in source order
 *
 * Every part is percent-encoded, so that a site holds no `/` and splits unambiguously. A call that no build has seen, in a
 * test of classes as they are, stands at `unbuilt:file:line`; no durable store accepts it.
 */
import type { BuildHash, Site } from "./brands.js";
import { decodeSegment, encodeSegment } from "./segment.js";

/** The parts of a site, decoded. */
export interface SiteParts {
  /** Nearest named declaration that textually holds the call. */
  readonly owner: string;
  /** What is called. */
  readonly callee: string;
  /** Where the value goes; empty when nowhere. */
  readonly receiver: string;
  /** 1 for the first of equal sites. */
  readonly n: number;
}

/** Builds the site of a call. */
export function formatSite(parts: SiteParts): Site {
  const receiver = parts.receiver === "" ? "" : `@${encodeSegment(parts.receiver)}`;
  const n = parts.n > 1 ? `~${parts.n}` : "";
  return `${encodeSegment(parts.owner)}#${encodeSegment(parts.callee)}${receiver}${n}` as Site;
}

/** Takes a site apart; undefined if the text is no site. */
export function parseSite(site: string): SiteParts | undefined {
  const match = /^([^#@~/]+)#([^#@~/]+)(?:@([^#@~/]+))?(?:~(\d+))?$/.exec(site);
  if (!match) return undefined;
  const [, owner = "", callee = "", receiver = "", n = "1"] = match;
  return {
    owner: decodeSegment(owner),
    callee: decodeSegment(callee),
    receiver: decodeSegment(receiver),
    n: Number(n),
  };
}

/** Stands for the build of code that no build has seen. */
export const UNBUILT: BuildHash = "unbuilt" as BuildHash;

/** The site of a call that no build has seen. `file` is relative to the project; `line` counts from 1. */
export function unbuiltSite(file: string, line: number): Site {
  return `${UNBUILT}:${encodeSegment(file)}:${line}` as Site;
}

/** True for the sites of `unbuiltSite`. */
export function isUnbuiltSite(site: Site): boolean {
  return site.startsWith(`${UNBUILT}:`);
}
