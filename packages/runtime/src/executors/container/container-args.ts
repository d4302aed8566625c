/** The arguments that Docker's and Podman's clients get for a container. Both take the same ones, but for the daemon's address. */
import { basename } from "node:path";
import { ownVariables } from "../process/run-held.js";
import type { SpawnedContainer, SpawnedJob } from "../spawn/spawner.js";

/** Whether a client is Podman's, by its name. */
export function isPodman(client: string): boolean {
  return basename(client).startsWith("podman");
}

/** The label that all containers of a step have. */
export function stepLabel({ idempotencyKey }: Pick<SpawnedJob, "idempotencyKey">): string {
  return `millrace.key=${idempotencyKey}`;
}

/** What stands before the client's command. */
export function clientArgs({ host }: Pick<SpawnedContainer, "host">, podman: boolean): readonly string[] {
  if (host === undefined) return [];
  return [podman ? "--url" : "--host", host];
}

/** The folders of a container, which are there under their own paths, so that paths mean the same inside and outside. */
export function mountArgs({ cwd, folders = [] }: Pick<SpawnedContainer, "cwd" | "folders">): readonly string[] {
  return [cwd, ...folders].flatMap((folder) => [
    "--mount",
    `type=bind,${field("source", folder)},${field("target", folder)}`,
  ]);
}

/**
 * `run` with all that it gets.
 * @param more Further arguments, before the image.
 */
export function runArgs(job: SpawnedJob, container: SpawnedContainer, more: readonly string[]): readonly string[] {
  const { image, args, name, cwd, env, stdin, resources, attemptKey } = container;
  const { cpus, memory } = resources;
  const variables = Object.entries({ ...env, ...ownVariables(job) });
  return [
    "run",
    "--rm",
    ...["--name", name ?? `millrace-${attemptKey.slice(0, 12)}`],
    ...["--label", stepLabel(job), "--label", `millrace.run=${job.run}`, "--label", `millrace.step=${job.key}`],
    ...mountArgs(container),
    ...["--workdir", cwd],
    ...variables.flatMap(([variable, value]) => ["--env", `${variable}=${value}`]),
    ...(cpus === undefined ? [] : ["--cpus", String(cpus)]),
    ...(memory === undefined ? [] : ["--memory", `${Math.ceil(memory)}m`]),
    ...(stdin === undefined ? [] : ["--interactive"]),
    ...more,
    image,
    ...args,
  ];
}

/** A field of a mount: they are read as comma-separated values. */
function field(name: string, value: string): string {
  const text = `${name}=${value}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
