/** What a project has to do now, as a job graph of commands. */
import { type Duration, JOB_GRAPH_VERSION, type JobGraph, type JobNode, type StepOptions } from "@millrace/core";
import { memoryMib } from "./memory-size.js";
import { projectEdges, type RecordedProject, type RecordedTask } from "./recorded-project.js";
import { unknownTask } from "./reset-tasks.js";
import { type BlockedTask, sortOpen } from "./sort-open.js";
import { textsOf } from "./task.js";

/** Which tasks are meant, and what the run is called. */
export interface ProjectGraphOptions {
  /** Default: all that are to run. */
  readonly tasks?: Iterable<string>;
  /** Name of the graph. Default `project`. */
  readonly name?: string;
  /** Variables that tasks have beside their own, which go before. They are no part of what tasks are. */
  readonly env?: (task: RecordedTask) => Readonly<Record<string, string>>;
}

/** What there is to run. */
export interface ProjectGraph {
  /** Undefined if there is nothing to run. */
  readonly graph?: JobGraph;
  /** Tasks that would have to run and cannot, since something that they wait for is neither complete nor going to run. */
  readonly blocked: readonly BlockedTask[];
  /** Names of tasks that wait for what a task of the graph may add: they are for the graph of the project after it. */
  readonly later: readonly string[];
}

/** Directives that are parameters of a command. */
const PARAMS = ["cwd", "stdin", "stdout", "stderr"] as const;
/** Directives for places that know them. */
const HINTS = ["walltime", "sbatch_args"] as const;

/** New and pending tasks, or those of them that are named, as nodes. @throws MillraceError `unknown-task`. */
export function projectGraph(
  project: RecordedProject,
  { tasks: wanted, name = "project", env = () => ({}) }: ProjectGraphOptions = {},
): ProjectGraph {
  const byName = new Map(project.tasks.map((task) => [task.name, task]));
  const names = wanted === undefined ? new Set(byName.keys()) : new Set(wanted);
  for (const one of names) if (!byName.has(one)) throw unknownTask(one, byName.keys());
  const open = project.tasks.filter((task) => names.has(task.name) && isOpen(task));
  const edges = projectEdges(project);
  const { blocked, later } = sortOpen(project, open);
  const nodes = open
    .filter((task) => !blocked.has(task.name) && !later.has(task.name))
    .map((task) => taskNode(task, env(task)));
  const ids = new Set(nodes.map(({ id }) => id));
  return {
    ...(nodes.length === 0
      ? {}
      : {
          graph: {
            version: JOB_GRAPH_VERSION,
            name,
            policy: "skip-dependents",
            nodes,
            edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
          },
        }),
    blocked: [...blocked.values()],
    later: [...later],
  };
}

function isOpen({ state }: RecordedTask): boolean {
  return state === "new" || state === "pending";
}

/** A task as a node. `beside`: variables that it has beside its own. */
export function taskNode(
  { name, directives, state, outcome }: RecordedTask,
  beside: Readonly<Record<string, string>> = {},
): JobNode {
  const hints = Object.fromEntries(given(directives, HINTS));
  const { run, params: own } = runOf(directives);
  const env = { ...beside, ...directives.env };
  const params = {
    ...(Object.keys(env).length > 0 ? { env: { value: env } } : {}),
    ...Object.fromEntries(given(directives, PARAMS).map(([param, value]) => [param, { value }])),
    ...(Object.keys(hints).length > 0 ? { hints: { value: hints } } : {}),
    ...own,
  };
  const options = optionsOf(directives, state === "pending" ? (outcome?.attempts ?? 0) : 0);
  return {
    id: name,
    run,
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  };
}

/** A command in a container is for the bash of its image. */
function runOf({ cmd, container, digest }: RecordedTask["directives"]): Required<Pick<JobNode, "run" | "params">> {
  // `:` does nothing: a barrier is a step like others, on record and in pictures, and needs no container.
  if (!cmd || container === undefined) return { run: { shell: cmd || ":" }, params: {} };
  return {
    run: { container },
    params: {
      args: { value: ["bash", "-c", cmd] },
      ...(digest === undefined ? {} : { digest: { value: digest } }),
    },
  };
}

function given(
  directives: RecordedTask["directives"],
  names: readonly string[],
): readonly (readonly [string, unknown])[] {
  return names.filter((name) => directives[name] !== undefined).map((name) => [name, directives[name]]);
}

/** `spent`: failed attempts of a task that was cut off: it has what is left of its retries, and one attempt at least. */
function optionsOf(directives: RecordedTask["directives"], spent: number): StepOptions {
  // Their forms were checked when the task was read.
  const { retry = 0, "retry-delay": delay, "retry-backoff": backoff, timeout, cpus, mem, tags } = directives;
  const pause = {
    ...(delay === undefined ? {} : { delay: delay as Duration }),
    ...(backoff === undefined ? {} : { backoff }),
  };
  const memory = mem === undefined ? undefined : memoryMib(mem);
  const resources = { ...(cpus === undefined ? {} : { cpus }), ...(memory === undefined ? {} : { memory }) };
  return {
    ...(retry > spent ? { retry: { attempts: retry + 1 - spent, ...pause } } : {}),
    ...(timeout === undefined ? {} : { timeout: timeout as Duration }),
    ...(Object.keys(resources).length > 0 ? { resources } : {}),
    ...(tags === undefined ? {} : { tags: textsOf(tags) }),
  };
}
