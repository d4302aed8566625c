/** What a job file gives its runs beside the work: who watches them, and where they are kept. */
import { join } from "node:path";
import {
  type Checkpointer,
  isMillraceError,
  MillraceError,
  type Observer,
  type RunStore,
  STATE_PATHS,
} from "@millrace/core";
import type { JobWatchers, WatcherEntry } from "@millrace/jobs";
import {
  checkpointerFromConfig,
  loadObserverRegistry,
  type ObserverRegistry,
  observersFromConfig,
  projectObservers,
  storeFromCheckpointer,
} from "@millrace/runtime";
import { diagnosticsText } from "../output/diagnostics-text.js";
import { say } from "../output/streams.js";
import type { CommandPlace } from "../project/place-of-command.js";

/** What an engine is opened with for a run. */
export interface RunSurroundings {
  readonly observers: readonly Observer[];
  /** Undefined: where the runs of the project are kept. Whoever opens the engine closes it. */
  readonly store?: RunStore;
  /** Nobody can go on with the run: its store ends with the process. */
  readonly isForgotten?: boolean;
}

/** Those of a project. */
export async function projectSurroundings({ root }: CommandPlace): Promise<RunSurroundings> {
  return { observers: await projectObservers(root) };
}

/**
 * Those of a job: its `loggers` stand in place of what watches in the project, its `extensions` beside, its checkpointer in place of the store.
 * @param name Of the job, and of its checkpoint.
 * @throws MillraceError `observer-invalid`, once its place has been printed; `store-unusable`, `store-corrupt`.
 */
export async function jobSurroundings(
  name: string,
  watchers: JobWatchers,
  place: CommandPlace,
): Promise<RunSurroundings> {
  const { loggers, extensions } = watchers;
  const usual = loggers === undefined ? await projectObservers(place.root) : [];
  const named = [...(loggers ?? []), ...extensions];
  const registry = named.length > 0 ? await registryOf(watchers, place) : new Map();
  const made = await atEntries(named, place, () => observersFromConfig(named, registry));
  const checkpointer = await checkpointerOf(watchers, place);
  const observers = [...usual, ...made];
  return checkpointer ? { observers, store: await storeFromCheckpointer(checkpointer, { name }) } : { observers };
}

/** The checkpointer of a job; undefined if it names none. @throws MillraceError `observer-invalid`, once its place has been printed. */
export async function checkpointerOf(watchers: JobWatchers, place: CommandPlace): Promise<Checkpointer | undefined> {
  const { checkpointer } = watchers;
  if (!checkpointer) return undefined;
  const registry = await registryOf(watchers, place);
  return atEntries([checkpointer], place, () => checkpointerFromConfig([checkpointer], registry));
}

/** What a job can name. @throws MillraceError `observer-invalid`. */
export function registryOf(
  { directories, packages }: JobWatchers,
  { root, stateDir }: CommandPlace,
): Promise<ObserverRegistry> {
  return loadObserverRegistry({ root, logs: join(stateDir, STATE_PATHS.logs), required: directories, packages });
}

/** What only a module can tell is shown where the file names it. */
async function atEntries<T>(
  entries: readonly WatcherEntry[],
  { root }: CommandPlace,
  make: () => Promise<T>,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isMillraceError(error) || error.code !== "observer-invalid") throw error;
    const entry = entries.find(({ at }) => at === error.data.at);
    if (!entry) throw error;
    const { message, hint } = error;
    const { jobDiagnostic } = await import("@millrace/jobs");
    const diagnostic = jobDiagnostic({
      code: "job-invalid",
      span: entry.span,
      message,
      ...(hint === undefined ? {} : { hint }),
    });
    say(`${await diagnosticsText(root, [diagnostic])}\n\n`);
    throw new MillraceError(
      "observer-invalid",
      `${entry.span.file} cannot be run: something it names cannot be made.`,
      {
        hint: "Correct what is shown above.",
        data: { ...error.data, diagnostics: [diagnostic] },
        cause: error,
      },
    );
  }
}
