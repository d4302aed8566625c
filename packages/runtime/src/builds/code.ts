/**
 * The code that runs execute: what is declared, where it is loaded from, and the graphs that runs conform to. A pinned
 * build is code; so are the unbuilt classes of a test (@millrace/testing).
 */
import {
  type BuildHash,
  type DeclarationEntry,
  type FlowEntry,
  type GraphIndex,
  type JsonSchema,
  type Manifest,
  MillraceError,
  type Site,
  type TaskEntry,
} from "@millrace/core";
import { declarationOf, type Flow } from "@millrace/sdk/internal";
import type { RuleMatch } from "./rule-match.js";

/** What an engine and its runs ask of their code. */
export interface Code {
  readonly manifest: Manifest;
  /** The flow of a class or id. @throws MillraceError `unknown-flow`. */
  flow(target: unknown): FlowEntry;
  /** The task or flow of a class or id. @throws MillraceError `unknown-task`. */
  resolve(target: unknown): TaskEntry | FlowEntry;
  /** The schema that the parameters of a call have to fit: a site may know more of a generic task than its declaration. */
  callSchema(entry: TaskEntry | FlowEntry, site: Site | undefined): JsonSchema;
  /** The graph of a flow, by id; undefined where there is none to conform to. */
  graph(flow: string): GraphIndex | undefined;
  /** The site of a call that no build has stamped. Called while the flow's body makes the call. */
  unstampedSite(flow: FlowEntry, callee: string): Site;
  /** File URL of an entry's compiled module. */
  moduleUrl(entry: DeclarationEntry): string;
  /** The class of a flow, on this thread. @throws MillraceError `module-failed`. */
  loadFlow(entry: FlowEntry): Promise<new () => Flow>;
  /** Whether a rule class fires on a token, asked on this thread. @throws MillraceError `module-failed`. */
  loadMatch(entry: TaskEntry): Promise<RuleMatch>;
  /** The code of another build of the same project. @throws MillraceError `build-missing`. */
  recorded(build: BuildHash): Promise<Code>;
  /** True if everything that the other build declared runs the same code here. A build that is gone counts as different. */
  sameAs(build: BuildHash): Promise<boolean>;
}

/** The name a class or string stands for: decorator `id`, else the class's name. */
export function nameOf(target: unknown): string {
  if (typeof target === "string") return target;
  if (typeof target === "function") return declarationOf(target)?.id ?? target.name;
  throw new MillraceError("unknown-task", `A task or flow is named by itself or its id, not by ${typeof target}.`, {
    hint: "Pass the task or flow itself: this.call(FetchForecast, …).",
  });
}
