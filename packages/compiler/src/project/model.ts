/** The opened project as every later stage sees it: its modules, its declarations, and questions about types. Read-only. */
import type { Span } from "@millrace/core";
import type { Node, Project, SourceFile, Type } from "ts-morph";
import type { Declared } from "./declared.js";
import type { Modules } from "./module-meanings.js";

/** Module that compiled code imports its stamp functions from. */
export type StampsModule = "millrace/stamps" | "@millrace/sdk/stamps";

/** An opened project. Nothing changes it: all types are read from unmodified sources. */
export interface ProjectModel {
  /** Absolute folder of the project's package.json. */
  readonly root: string;
  readonly project: Project;
  /** Project modules and sources of TypeScript workspace packages that they import, without tests, sorted by path. */
  readonly files: readonly SourceFile[];
  /** Sorted by source, then position. */
  readonly declarations: readonly Declared[];
  /** True for one of `files`. */
  isOwn(file: SourceFile): boolean;
  /** The declaration that a class, a constant or a default export makes. */
  declaredBy(holder: Node): Declared | undefined;
  /** True if the instance type derives from the SDK's Flow, by symbol of the SDK's package, not by spelling. */
  isFlow(type: Type): boolean;
  /** As isFlow, for Task. */
  isTask(type: Type): boolean;
  /** True for the SDK's shared state, as tasks or as flows see it. */
  isShared(type: Type): boolean;
  /** Where compiled code imports stamps from: the package that the project itself imports. */
  readonly stampsModule: StampsModule;
  readonly modules: Modules;
  /** Range of a node without leading comments. */
  spanOf(node: Node): Span;
  /** Posix path relative to the root. */
  sourceOf(file: SourceFile): string;
}
