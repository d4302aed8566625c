/**
 * Keeps the build of a project current: builds, waits until something that the build was made of has changed, and builds
 * again in the same process. Called by `flow dev`. Outputs are no inputs, so that it never sees its own.
 */
import { dirname, join } from "node:path";
import { isMillraceError, type MillraceError } from "@millrace/core/project";
import type { KeptWork } from "../compile-project.js";
import type { CompileResult } from "../compile-result.js";
import type { BuildInputs } from "../memory/input-digest.js";
import { locateProject } from "../project/locate-project.js";
import { DiskEvents } from "./disk-events.js";
import { changedBetween, type InputSnapshot, type LookOptions, lookAt, NOTHING_SEEN } from "./input-state.js";

/** What is watched. */
export interface WatchOptions {
  /** A folder inside the project. */
  readonly cwd: string;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** What happens, in order: `building`, then its outcome. */
export type WatchEvent =
  | {
      readonly type: "building";
      /** Absolute paths of files, and of folders with other names in them, that have changed; empty the first time. */
      readonly changed: readonly string[];
    }
  | { readonly type: "built"; readonly result: CompileResult; readonly durationMs: number }
  /** There is nothing to build for now: no tsconfig.json, no source file, … */
  | { readonly type: "refused"; readonly error: MillraceError; readonly durationMs: number };

/**
 * Builds a project now and whenever something that it is made of changes; what changes while it builds is built after it.
 * Ends when the signal aborts, a build that has begun is finished first.
 * @throws MillraceError `project-not-found`, `state-dir-unusable` if there is no project at the start, `watch-refused`.
 */
export async function* watchProject({ cwd, signal }: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
  const watched = new WatchedProject(cwd);
  try {
    let changed: readonly string[] = [];
    while (!signal.aborted) {
      yield { type: "building", changed };
      yield await watched.build(changed);
      changed = await watched.nextChange(signal);
    }
  } finally {
    watched.close();
  }
}

class WatchedProject {
  readonly #cwd: string;
  readonly #events = new DiskEvents();
  #location: ReturnType<typeof locateProject>;
  /** What the last build left; undefined if something that decides about its meaning has changed since. */
  #kept: KeptWork | undefined;
  /** What the last build was made of; while builds fail, the last ones together. */
  #inputs: BuildInputs;
  #seen: InputSnapshot = NOTHING_SEEN;
  /** What has changed while the last build ran. */
  #missed: readonly string[] = [];

  constructor(cwd: string) {
    this.#cwd = cwd;
    this.#location = locateProject(cwd);
    this.#inputs = { files: [], folders: [this.#location.root] };
    this.#seen = this.#look({ before: NOTHING_SEEN });
  }

  async build(changed: readonly string[]): Promise<WatchEvent> {
    const started = performance.now();
    const { compileProject, nothingKept } = await import("../compile-project.js");
    if (changed.some((path) => this.#decidesMeaning(path))) this.#forget();
    this.#kept ??= nothingKept();
    // Imports may lead elsewhere.
    if (!changed.every(isTypeScript)) this.#kept.modules.forget();
    const since = Date.now();
    const before = this.#look({ before: this.#seen });
    let event: WatchEvent;
    try {
      this.#location = locateProject(this.#cwd);
      const request = { location: this.#location, mode: "build", since, kept: this.#kept } as const;
      const { result, inputs } = await compileProject(request);
      // What a failed build has not come to may be what was wrong.
      this.#inputs = result.manifest ? inputs : joined(this.#inputs, inputs);
      event = { type: "built", result, durationMs: performance.now() - started };
    } catch (error) {
      if (!isMillraceError(error) || error.code === "internal-bug") throw error;
      this.#inputs = joined(this.#inputs, { files: [], folders: [this.#location.root] });
      event = { type: "refused", error, durationMs: performance.now() - started };
    }
    this.#seen = this.#look({ before, since });
    this.#missed = changedBetween(before, this.#seen);
    return event;
  }

  /** Resolves with what has changed since the last build began; with nothing when the signal aborts. */
  async nextChange(signal: AbortSignal): Promise<readonly string[]> {
    let changed = this.#missed;
    while (changed.length === 0 && !signal.aborted) {
      await this.#events.next(signal);
      const now = this.#look({ before: this.#seen });
      changed = changedBetween(this.#seen, now);
      this.#seen = now;
    }
    return changed;
  }

  close(): void {
    this.#forget();
    this.#events.close();
  }

  #forget(): void {
    this.#kept?.modules.close();
    this.#kept = undefined;
  }

  /** Looks, and looks again where watching has only begun. */
  #look(options: Pick<LookOptions, "before" | "since">): InputSnapshot {
    const { root, tsconfig, stateDir } = this.#location;
    const files = [...this.#inputs.files, tsconfig, join(root, "package.json")];
    const inputs = { files, folders: this.#inputs.folders };
    for (;;) {
      const snapshot = lookAt({ inputs, outputs: stateDir, ...options });
      const folders = [...[...snapshot.files.keys()].map(dirname), ...snapshot.folders.keys()];
      if (!this.#events.watch(folders)) return snapshot;
    }
  }

  /** Configurations, packages and lockfiles; not the text of a module, and not which modules there are. */
  #decidesMeaning(path: string): boolean {
    return this.#seen.files.has(path) && (!/\.[cm]?[jt]sx?$/.test(path) || /[\\/]node_modules[\\/]/.test(path));
  }
}

/** A module whose text has changed, and nothing else. */
function isTypeScript(path: string): boolean {
  return /(?<!\.d)\.[cm]?tsx?$/.test(path);
}

function joined(a: BuildInputs, b: BuildInputs): BuildInputs {
  return { files: [...new Set([...a.files, ...b.files])], folders: [...new Set([...a.folders, ...b.folders])] };
}
