/** What is known of a project before any flow is walked; shared by the walks and the checks. */
import type { Diagnostic } from "@millrace/core";
import type { ProjectModel } from "../project/model.js";
import type { Callables } from "./callables.js";
import type { ForeignPromises } from "./foreign-promises.js";
import type { Invocation } from "./implicit-calls.js";
import type { Reach } from "./reach.js";
import type { Sites } from "./sites.js";

/** What an analysis knows before it walks a flow. */
export interface Analysis {
  readonly model: ProjectModel;
  readonly callables: Callables;
  readonly reach: Reach;
  readonly foreign: ForeignPromises;
  readonly sites: Sites;
  /** What runs a helper in a frame. */
  readonly framed: ReadonlySet<Invocation>;
  /** Reports a finding once, however many flows meet it. */
  report(diagnostic: Diagnostic): void;
}
