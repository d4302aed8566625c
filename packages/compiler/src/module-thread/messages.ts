/** What the analyser and the thread that compiles modules say to each other. */
import type { ModuleFacts } from "../emit/module-facts.js";
import type { BuiltModules, ModulesRequest } from "./build-modules.js";

/** What was compiled, as the analyser learns of it: the texts stay in the thread. */
export interface ModulesReport extends Omit<BuiltModules, "outputs"> {
  /** Digest of the outputs, see core's digestOutputs. */
  readonly digest: string;
}

/** What the thread is to do. A project is a number that the analyser makes up. */
export type Order =
  /** Answered with a ModulesReport. */
  | { readonly do: "compile"; readonly project: number; readonly request: ModulesRequest }
  /** Write what was compiled last into a folder, as far as it is not there; answered with the absolute paths written. */
  | { readonly do: "write"; readonly project: number; readonly folder: string }
  /** Compile all anew the next time: imports may lead elsewhere. */
  | { readonly do: "forget"; readonly project: number }
  /** The project is done with. */
  | { readonly do: "close"; readonly project: number };

/** To the thread. */
export type ToThread =
  | { readonly type: "order"; readonly id: number; readonly order: Order }
  | { readonly type: "facts"; readonly question: number; readonly facts: ModuleFacts };

/** From the thread. */
export type FromThread =
  | { readonly type: "done"; readonly id: number; readonly answer: unknown }
  | { readonly type: "failed"; readonly id: number; readonly error: Error }
  /** Asks for the facts of a module that the analyser has not read. */
  | { readonly type: "read"; readonly question: number; readonly text: string; readonly file: string };
