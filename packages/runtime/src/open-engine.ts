/** Opens an engine on a project: its pinned build, its store and an executor, each replaced by what the options give. */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Clock, checkStateDir, type Executor, findProject, readSettings, systemClock } from "@millrace/core";
import type { Engine } from "./api/engine.js";
import type { EngineOptions } from "./api/engine-options.js";
import { pinBuild } from "./builds/build-pins.js";
import { PinnedBuild } from "./builds/pinned-build.js";
import { checkCount } from "./check-count.js";
import { anyInThread } from "./drivers/begins-in-thread.js";
import { assembleEngine } from "./engine.js";
import { type ProjectSpawners, projectSpawners } from "./executors/configured/project-spawners.js";
import { ContainerSpawner } from "./executors/container/container-spawner.js";
import { inlineExecutor } from "./executors/inline/inline-executor.js";
import { ShellSpawner } from "./executors/shell/shell-spawner.js";
import { spawnExecutor } from "./executors/spawn/spawn-executor.js";
import type { Spawner, SpawnerAround } from "./executors/spawn/spawner.js";
import { threadExecutor } from "./executors/threads/thread-executor.js";
import { InflightNotes } from "./inflight/inflight-notes.js";
import { projectObservers } from "./observers/configured/project-observers.js";
import { ownerInfo } from "./owner/process-identity.js";
import { recoverRuns } from "./runs/recover-runs.js";
import { newRunId } from "./runs/run-id.js";
import { engineLimits } from "./steps/admission/engine-limits.js";
import { Dispatcher } from "./steps/dispatcher.js";
import { type Executors, kindsElsewhere } from "./steps/lanes.js";
import { openProjectStore } from "./stores/project-store.js";

/**
 * Opens an engine on the current build of a project.
 * @throws MillraceError `invalid-options`, `project-not-found`, `manifest-missing`, `manifest-unreadable`, `build-missing`, `store-corrupt`,
 * `store-too-new`, `store-unusable`, `state-dir-unusable`, `engine-bundled`, `observer-invalid`, `spawner-invalid`.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  checkCount("threads", options.threads);
  checkCount("recycleMiB", options.recycleMiB);
  checkCount("maxConcurrency", options.maxConcurrency);
  const project = findProject(options.cwd ?? process.cwd());
  const { root, stateDir, packageJson } = project;
  const limits = engineLimits(readSettings(packageJson, join(root, "package.json")), options);
  checkStateDir(stateDir);
  const code = await PinnedBuild.open(stateDir, options.build);
  const clock = options.clock ?? systemClock;
  const keeping = options.schedules ? await import("./schedules/schedules.js") : undefined;
  keeping?.checkSchedules(code.manifest);
  // All before the store: they may refuse, and hold nothing yet.
  const observers = options.observers ?? (await projectObservers(root));
  const executors = {
    tasks: openExecutor(options),
    ...openCommands(await projectSpawners(project, clock), options, clock),
  };
  const closeExecutors = async (): Promise<void> => {
    if (executors.tasks !== options.executor) await executors.tasks.close();
    await Promise.all([executors.commands.close(), executors.containers.close()]);
  };
  const stepLimits = { ...limits, elsewhere: kindsElsewhere(executors) };
  const inflight = new InflightNotes(stateDir);
  const { maxConcurrency } = options;
  const dispatcher = new Dispatcher(executors, clock, { ...stepLimits, maxConcurrency, notes: inflight });
  const unpin = pinBuild(stateDir, code.manifest.build, ownerInfo(randomUUID()));
  // The first thread comes up while the store is opened. An engine that waits for instants may not need it for days.
  if (!keeping && executors.tasks !== options.executor && anyInThread(code.manifest)) dispatcher.warm();
  const store =
    options.store ??
    (await openProjectStore(project, clock).catch(async (error: Error) => {
      unpin();
      await closeExecutors();
      throw error;
    }));
  const tell = typeof options.schedules === "function" ? options.schedules : undefined;
  const schedules = keeping && new keeping.Schedules({ manifest: code.manifest, store, clock, tell });
  const engine = await assembleEngine({
    root,
    code,
    store,
    dispatcher,
    observers,
    clock,
    limits: stepLimits,
    strict: options.strict ?? false,
    suspendWaiting: options.waits === "suspend",
    inflight,
    ...(options.locals ? { locals: options.locals } : {}),
    ...(schedules ? { schedules } : {}),
    newRunId: () => newRunId(clock.now()),
    newSeed: randomUUID,
    closeExecutors,
    ownsStore: store !== options.store,
    released: unpin,
  });
  try {
    if (options.recover === "auto") await recoverRuns(engine);
    await schedules?.begin(engine);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function openExecutor(options: EngineOptions): Executor {
  if (typeof options.executor === "object") return options.executor;
  const { threads = availableParallelism(), recycleMiB } = options;
  return options.executor === "inline" ? inlineExecutor({ width: threads }) : threadExecutor({ threads, recycleMiB });
}

/** What the options give goes before what the project names. */
function openCommands(
  named: ProjectSpawners,
  given: EngineOptions,
  clock: Clock,
): Pick<Executors, "commands" | "containers"> {
  const commands = around(given.commands, () => named.commands ?? new ShellSpawner(availableParallelism(), clock));
  const containers = around(given.containers, () => named.containers ?? new ContainerSpawner({ clock }));
  return {
    commands: spawnExecutor(commands, { name: "commands", clock }),
    containers: spawnExecutor(containers, { name: "containers", clock }),
  };
}

function around(given: Spawner | SpawnerAround | undefined, own: () => Spawner): Spawner {
  return typeof given === "function" ? given(own()) : (given ?? own());
}
