/** A folder with the fake cluster's programs, and what they have been asked for. */
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "@millrace/core";

/** What goes wrong. */
export interface ClusterSettings {
  /** How often each program fails from now on. */
  readonly failing?: Readonly<Partial<Record<"sbatch" | "squeue" | "sacct" | "scancel", number>>>;
  /** Why every job is refused; each is kept as one that failed. */
  readonly refuse?: string;
  /** How many submissions are taken whose answers are lost. */
  readonly swallow?: number;
  /** `sbatch` takes a job and never says so. */
  readonly hang?: boolean;
  /** Jobs stay in the queue. */
  readonly stay?: boolean;
  /** The queue has only jobs that are not over. */
  readonly forget?: boolean;
  /** For so many questions the accounting has a job running that is over. */
  readonly lag?: number;
  /** False: the cluster keeps no accounts, or no comments in them. */
  readonly accounts?: boolean;
  readonly comments?: boolean;
  /** Ids come with the name of a cluster. */
  readonly federated?: boolean;
}

/** A job, as the fake keeps it. */
export interface FakeJob {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly state: string;
  /** Of its process, if it has begun. */
  readonly pid?: number;
}

/** One cluster. */
export class FakeCluster {
  readonly folder: string = mkdtempSync(join(tmpdir(), "millrace-slurm-"));

  constructor(settings: ClusterSettings = {}) {
    for (const program of ["sbatch", "squeue", "sacct", "scancel"]) {
      copyFileSync(fileURLToPath(new URL("fake-slurm.mjs", import.meta.url)), join(this.folder, program));
      chmodSync(join(this.folder, program), 0o755);
    }
    this.set(settings);
  }

  set(settings: ClusterSettings): void {
    writeFileSync(join(this.folder, "settings.json"), JSON.stringify(settings));
  }

  /** What jobs wait for that wait for a file `go` in the cluster's folder. */
  go(): void {
    writeFileSync(join(this.folder, "go"), "");
  }

  get jobs(): readonly FakeJob[] {
    const file = join(this.folder, "cluster.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { jobs: FakeJob[] }).jobs : [];
  }

  /** Every call of a program, without its name. */
  calls(program: string): readonly (readonly string[])[] {
    const log = join(this.folder, "calls.jsonl");
    const lines = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
    const calls = lines.map((line) => JSON.parse(line) as readonly string[]);
    return calls.filter(([name]) => name === program).map(([, ...args]) => args);
  }

  [Symbol.dispose](): void {
    // What still runs must not wait for ever.
    this.go();
    for (const { pid } of this.jobs) if (pid !== undefined) kill(pid);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function kill(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** A clock whose time passes as soon as there is nothing else to do; `pauses` has what was waited for, ms. */
export class HastyClock implements Clock {
  readonly pauses: number[] = [];
  #now = 0;

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    this.pauses.push(ms);
    const due = this.#now + ms;
    const timer = setImmediate(() => {
      this.#now = Math.max(this.#now, due);
      callback();
    });
    return () => clearImmediate(timer);
  }
}
