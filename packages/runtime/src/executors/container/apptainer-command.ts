/** A container as a command for bash that runs it by Apptainer's client, or by Singularity's, which takes the same arguments. */
import { basename } from "node:path";
import { ownVariables } from "../process/run-held.js";
import type { SpawnedCommand, SpawnedContainer, SpawnedJob } from "../spawn/spawner.js";
import { mountArgs } from "./container-args.js";

/** By whom, and what else it is told. */
export interface ApptainerClient {
  /** Its name on the PATH, or its path. */
  readonly client: string;
  /** Further arguments, before the image. */
  readonly more: readonly string[];
}

/**
 * The command. What it runs has the variables of the container alone, none of which a shell reads (`--no-eval`), and no home folder beside
 * the container's folders.
 */
export function apptainerCommand(
  job: SpawnedJob,
  container: SpawnedContainer,
  { client, more }: ApptainerClient,
): SpawnedCommand {
  const { image, args, name: _, host: __, folders: ___, ...surroundings } = container;
  const words = [
    ...[client, "exec", "--cleanenv", "--no-eval", "--no-home"],
    ...mountArgs(container),
    ...["--pwd", container.cwd],
    ...more,
    sourceOf(image),
    ...args,
  ];
  const variables = Object.entries({ ...container.env, ...ownVariables(job) });
  // By the environment: as arguments they would be split at commas.
  const prefix = basename(client).startsWith("singularity") ? "SINGULARITYENV_" : "APPTAINERENV_";
  return {
    ...surroundings,
    env: Object.fromEntries(variables.map(([variable, value]) => [prefix + variable, value])),
    command: `exec ${words.map(quoted).join(" ")}`,
  };
}

/** Where an image comes from: a file, what its name says, or else the registries that Docker knows. */
function sourceOf(image: string): string {
  return image.endsWith(".sif") || /^[a-z]+:\/\//.test(image) ? image : `docker://${image}`;
}

/** One word for bash, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
