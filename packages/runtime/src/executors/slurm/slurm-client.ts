/** The cluster's programs: what they are asked, and what is read from their answers. Knows nothing of steps. */
import { spawn } from "node:child_process";
import { join } from "node:path";

/** How long a program may take, ms: a cluster that hangs must not hang a run. */
const PROGRAM_MS = 120_000;

/** A job, as the queue or the accounting tells it. */
export interface SlurmJob {
  readonly id: string;
  /** `RUNNING`, `COMPLETED`. */
  readonly state: string;
  /** Undefined while there is none. */
  readonly code: number | undefined;
  readonly name: string;
  readonly comment: string;
}

/** What a job has used, by the names that the accounting has for it. */
export type SlurmUsage = Readonly<Record<string, string>>;

/** A program of the cluster failed. */
export class SlurmError extends Error {
  override readonly name = "SlurmError";
}

const QUEUE = "--Format=JobID:|,State:|,exit_code:|,Name:|,Comment:";
const USAGE = ["Elapsed", "TotalCPU", "MaxRSS", "NodeList"];
const ACCOUNTS = ["JobIDRaw", "State", "ExitCode", ...USAGE, "JobName", "Comment"];

/** One cluster. */
export class SlurmClient {
  readonly #bin: string | undefined;
  /** Some clusters keep no accounts. */
  #hasAccounts = true;

  /** @param bin Folder of the programs; undefined if they are on the PATH. */
  constructor(bin: string | undefined) {
    this.#bin = bin;
  }

  /** Submits a script; gives the job's id. Rejects with a SlurmError. */
  async submit(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
    const said = await this.#run("sbatch", ["--parsable", ...args], { input: script, env });
    const [id = ""] = said.trim().split("\n").at(-1)?.split(";") ?? [];
    if (!/^\d+$/.test(id)) throw new SlurmError(`sbatch gave no id of a job: ${said.trim()}`);
    return id;
  }

  /** This user's jobs that the queue has, those that have ended lately, too. Rejects with a SlurmError. */
  async queue(): Promise<ReadonlyMap<string, SlurmJob>> {
    const said = await this.#run("squeue", ["--noheader", "--me", "--states=all", QUEUE]);
    const jobs = linesOf(said).map((line): SlurmJob => {
      const [id = "", state = "", status = "", name = "", ...comment] = line.split("|");
      return { id, state, code: codeOfStatus(Number(status)), name, comment: comment.join("|") };
    });
    return new Map(jobs.map((job) => [job.id, job]));
  }

  /** What the accounting has of some jobs; empty if the cluster keeps none. Rejects with a SlurmError. */
  accounts(ids: readonly string[]): Promise<ReadonlyMap<string, SlurmJob & { readonly usage: SlurmUsage }>> {
    return this.#accounts([`--jobs=${ids.join(",")}`]);
  }

  /** What it has of all of this user's jobs that were there after a time, ms since 1970. Rejects with a SlurmError. */
  accountsSince(time: number): Promise<ReadonlyMap<string, SlurmJob>> {
    return this.#accounts([`--starttime=${localTime(time)}`]);
  }

  /** Tells the cluster to end a job. One that has ended is no error. Rejects with a SlurmError. */
  async cancel(id: string): Promise<void> {
    await this.#run("scancel", ["--quiet", id]);
  }

  async #accounts(which: readonly string[]): Promise<ReadonlyMap<string, SlurmJob & { readonly usage: SlurmUsage }>> {
    const jobs = new Map<string, SlurmJob & { readonly usage: SlurmUsage }>();
    if (!this.#hasAccounts) return jobs;
    let said: string;
    try {
      said = await this.#run("sacct", ["--noheader", "--parsable2", `--format=${ACCOUNTS.join(",")}`, ...which]);
    } catch (error) {
      if (!/accounting storage is disabled/i.test(String(error))) throw error;
      this.#hasAccounts = false;
      return jobs;
    }
    for (const line of linesOf(said)) {
      const [rawId = "", state = "", exit = "", ...rest] = line.split("|");
      const used = Object.fromEntries(USAGE.map((name, i) => [name, rest[i] ?? ""]).filter(([, value]) => value));
      const [id = "", part] = rawId.split(".");
      const job = jobs.get(id);
      if (part !== undefined) {
        // What a job's parts have used is nowhere else: memory, mostly.
        if (job) jobs.set(id, { ...job, usage: { ...used, ...job.usage } });
        continue;
      }
      const [name = "", ...comment] = rest.slice(USAGE.length);
      // `CANCELLED by 1000`.
      const [word = ""] = state.split(" ");
      const [code] = exit.split(":");
      const known = code ? { code: Number(code) } : { code: undefined };
      jobs.set(id, { id, state: word, ...known, name, comment: comment.join("|"), usage: used });
    }
    return jobs;
  }

  #run(
    name: string,
    args: readonly string[],
    { input = "", env = process.env }: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<string> {
    const program = this.#bin === undefined ? name : join(this.#bin, name);
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { env, timeout: PROGRAM_MS, killSignal: "SIGKILL" });
      const [out, err]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
      // It may end without reading what it is given.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
      child.on("error", (error) => reject(new SlurmError(`${name}: ${error.message}`, { cause: error })));
      child.on("close", (code, signal) => {
        if (code === 0) return resolve(Buffer.concat(out).toString());
        const last = Buffer.concat(err).toString().trim();
        reject(new SlurmError(`${name} ended with ${signal ?? `code ${code}`}${last === "" ? "" : `: ${last}`}`));
      });
    });
  }
}

function linesOf(said: string): readonly string[] {
  return said.split("\n").filter((line) => line !== "");
}

/** The queue tells the status of `wait`: the code in its second byte. */
function codeOfStatus(status: number): number | undefined {
  return Number.isInteger(status) && status >= 256 ? status >> 8 : undefined;
}

/** A time as `sacct` reads it: without a zone, in that of this process. */
function localTime(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19);
}
