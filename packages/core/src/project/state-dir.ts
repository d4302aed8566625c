/** Names inside the output folder `.flow/`: one place, used by compiler, runtime and command line. Pure text, posix. */
import type { BuildHash, RunId } from "../identity/brands.js";

/** Name of the output folder, beside the project's package.json. */
export const STATE_DIR = ".flow";

/** Paths relative to the output folder. */
export const STATE_PATHS: {
  readonly manifest: string;
  readonly types: string;
  /** JSON Schema of job files with the tasks of the build, for editors. */
  readonly jobSchema: string;
  readonly database: string;
  /** Content files, named by the SHA-256 of their bytes. */
  readonly content: string;
  readonly builds: string;
  readonly logs: string;
  /** Job files whose runs are kept by checkpointers, by the name of the job. */
  readonly checkpoints: string;
  /** What a project of commands has to do and has done. */
  readonly project: string;
  /** What whoever speaks to `flow serve --http` has to show. */
  readonly httpToken: string;
  /** Lists that the tasks of such a project write while it runs. */
  readonly added: string;
  /** Records of stored flows that are made of specs. */
  readonly flows: string;
  /** Which builds living engines execute. */
  readonly pins: string;
  /** Outputs of jobs that are with a cluster. */
  readonly slurm: string;
  /** Which steps of a run are with a thread, for the time after a crash. */
  inflight(run: RunId): string;
  /** What the last build was made of; a cache of the compiler. */
  readonly inputs: string;
  /** What the last build put into the calls of each project module; a cache of the compiler. */
  readonly stamps: string;
  build(hash: BuildHash): string;
  buildManifest(hash: BuildHash): string;
  runLogs(run: RunId): string;
} = {
  manifest: "manifest.json",
  types: "types.d.ts",
  jobSchema: "job.schema.json",
  database: "state.db",
  content: "content",
  builds: "build",
  logs: "logs",
  checkpoints: "checkpoints",
  project: "project.yaml",
  httpToken: "http-token",
  added: "added",
  flows: "flows",
  pins: "pins",
  slurm: "slurm",
  inflight: (run) => `inflight/${run}`,
  inputs: "cache/inputs.json",
  stamps: "cache/stamps.json",
  build: (hash) => `build/${hash}`,
  buildManifest: (hash) => `build/${hash}/manifest.json`,
  runLogs: (run) => `logs/${run}`,
};
