/** Tokens on their way, and firings: one rule on one token. */
import type { ActivationPath, Site, StepKey } from "../identity/brands.js";
import { formatSite, type SiteParts } from "../identity/site.js";
import { rootPath, stepKey } from "../identity/step-key.js";
import type { RuleSpec, Token } from "./rule-set.js";

/** A token of a run. */
export interface RunToken {
  /** Unique in the run. */
  readonly id: string;
  readonly body: Token;
  /** Firings that led to it, one after the other. */
  readonly depth: number;
  /** The firing that gave it; absent if it came from outside. */
  readonly from?: Firing;
  /** The calls around it that have not returned, the innermost first. */
  readonly stack?: Frame;
}

/** A call that has not returned. */
export interface Frame {
  /** The rule that called, and its token. */
  readonly rule: string;
  readonly token: string;
  /** The token that follows the return. */
  readonly back: Token;
  /** How many calls stand around it, with itself. */
  readonly depth: number;
  readonly outer?: Frame;
}

/** A rule that fires on a token. */
export interface Firing {
  readonly rule: RuleSpec;
  readonly token: RunToken;
  readonly key: StepKey;
}

/** What of a place in a run does not depend on what is called there. */
export interface FiringPlace {
  readonly key: StepKey;
  readonly site: Site;
  readonly node: string;
  readonly body: ActivationPath;
}

/** Where a firing stands in its run: the token is the receiver of its site. */
export function firingPlace(set: string, rule: string, token: string): FiringPlace {
  return placeIn(set, `${rule}[${token}]`, { callee: rule, receiver: token });
}

/** Where a token itself stands, for breakpoints: it is no firing, as its site names no receiver. */
export function tokenPlace(set: string, token: string): FiringPlace {
  return placeIn(set, `token[${token}]`, { callee: token, receiver: "" });
}

function placeIn(set: string, node: string, called: Pick<SiteParts, "callee" | "receiver">): FiringPlace {
  const body = rootPath(set);
  const site = formatSite({ owner: set, ...called, n: 1 });
  return { key: stepKey(body, site, 0), site, node, body };
}
