/** The options of `flow run`, as commander gives them. */
import type { IfExists } from "@millrace/runtime";
import type { CommonOptions } from "./common-options.js";
import type { EngineFlags } from "./drive-run.js";

/** Options of `flow run`. */
export interface RunOptions extends CommonOptions, EngineFlags {
  readonly id?: string;
  readonly ifExists: IfExists;
  /** Selectors. */
  readonly break: readonly string[];
  readonly resume?: boolean;
  /** Nodes of a job graph, by id. */
  readonly skip: readonly string[];
  readonly runFrom: readonly string[];
  readonly runTo: readonly string[];
  readonly params?: string;
  readonly param: readonly string[];
  /** `name=value`, for `$VAR{name}` of a job file. */
  readonly var: readonly string[];
  /** Tokens as JSON, for rules to begin with. */
  readonly token: readonly string[];
  readonly help?: boolean;
}
