/** The modules of one project, compiled and written by a thread while the analyser works (docs/adr/0076-modules-compile-beside-the-analysis.md). */
import type { ModulesRequest } from "./build-modules.js";
import type { ModulesReport } from "./messages.js";
import { moduleThread, tellModuleThread } from "./module-thread.js";

/** Compiles the modules of one project, again and again. Close it. */
export class CompiledModules {
  static #opened = 0;
  readonly #project = ++CompiledModules.#opened;

  /** Starts the thread, so that it is there when it is needed. */
  prepare(): void {
    moduleThread();
  }

  /** Compiles the entries and every project module that they reach; what was compiled before and has not changed is kept. */
  async compile(request: ModulesRequest): Promise<ModulesReport> {
    return (await moduleThread().ask({ do: "compile", project: this.#project, request })) as ModulesReport; // as messages.ts says
  }

  /** Writes what was compiled last into a folder; gives the absolute paths that were not there or held something else. Rejects with what the system says. */
  async write(folder: string): Promise<readonly string[]> {
    return (await moduleThread().ask({ do: "write", project: this.#project, folder })) as readonly string[]; // as messages.ts says
  }

  /** Imports may lead elsewhere than they did: the next time all is compiled anew. */
  forget(): void {
    tellModuleThread({ do: "forget", project: this.#project });
  }

  close(): void {
    tellModuleThread({ do: "close", project: this.#project });
  }
}
