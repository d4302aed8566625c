/**
 * What the tasks of a project add while it runs. Around whoever runs the commands: a task with `adds` gets the path of a file that no other
 * attempt has, and what it has written there when it succeeds becomes part of its result, so that both are on record or neither is.
 */
import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { MillraceError, STATE_PATHS } from "@millrace/core";
import { AddedLists, type RecordedProject } from "@millrace/jobs";
import type { SpawnedJob, Spawner } from "@millrace/runtime";
import type { CommandPlace } from "./place-of-command.js";

/** Where a task finds the path of its file. */
const VARIABLE = "MILLRACE_TASKS";

/** Longest list, bytes. */
const MAX_BYTES = 64 * 2 ** 20;

/** The lists of one run of a project. */
export class AddedTasks {
  readonly #place: CommandPlace;
  readonly #lists: AddedLists;
  /** Names of the tasks that add. */
  readonly #adders: ReadonlySet<string>;

  /** @param project As it was sent out. */
  constructor(place: CommandPlace, project: RecordedProject) {
    this.#place = place;
    this.#lists = new AddedLists(project);
    this.#adders = new Set(
      project.tasks.filter(({ directives }) => directives.adds !== undefined).map(({ name }) => name),
    );
  }

  /** Removes what attempts have left that were cut off. For whoever holds the project, before its first run. */
  static async clean({ stateDir }: CommandPlace): Promise<void> {
    await rm(join(stateDir, STATE_PATHS.added), { recursive: true, force: true });
  }

  /** A spawner that takes the lists of the tasks which it runs by another one. */
  around(own: Spawner): Spawner {
    const { maxConcurrency, elsewhere, background } = own;
    return {
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      ...(elsewhere === undefined ? {} : { elsewhere }),
      ...(background ? { background: (signal: AbortSignal) => background.call(own, signal) } : {}),
      spawn: (job, signal) => this.#spawn(own, job, signal),
    };
  }

  async #spawn(own: Spawner, job: SpawnedJob, signal: AbortSignal): Promise<unknown> {
    const attempt = job.command ?? job.container;
    if (!this.#adders.has(job.node) || !attempt) return await own.spawn(job, signal);
    const folder = join(this.#place.stateDir, STATE_PATHS.added, attempt.attemptKey);
    const file = join(folder, `${job.node}.yaml`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    let isRefused = false;
    try {
      const returned = await own.spawn(withFile(job, file), signal);
      const result = typeof returned === "object" && returned !== null ? returned : { code: returned };
      // Any other end is a failure, whatever the list is.
      if (!("code" in result) || result.code !== 0) return returned;
      isRefused = true;
      const tasks = await this.#take(job, file);
      isRefused = false;
      return { ...result, tasks };
    } finally {
      // A list that is refused stays where its error says that it is.
      if (!isRefused) await rm(folder, { recursive: true, force: true });
    }
  }

  /** @throws MillraceError `project-invalid`. */
  async #take({ node, key }: SpawnedJob, file: string): Promise<readonly object[]> {
    const given = await textOf(file, node, key);
    return this.#lists.take({ name: node, given, file: relative(this.#place.root, file) });
  }
}

function withFile(job: SpawnedJob, file: string): SpawnedJob {
  const { command, container } = job;
  return {
    ...job,
    command: command && { ...command, env: { ...command.env, [VARIABLE]: file } },
    container: container && {
      ...container,
      env: { ...container.env, [VARIABLE]: file },
      folders: [...(container.folders ?? []), dirname(file)],
    },
  };
}

/** A task that has written no list adds none. */
async function textOf(file: string, node: string, step: string): Promise<string> {
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size === 0) return "";
  if (size <= MAX_BYTES) return await readFile(file, "utf8");
  throw new MillraceError(
    "project-invalid",
    `The list of tasks that ${node} adds takes ${size} bytes, over the limit of ${MAX_BYTES}.`,
    {
      hint: "Add tasks that add the others.",
      data: { step, bytes: size, limit: MAX_BYTES },
    },
  );
}
