/** A real Slurm cluster of one node: its daemons, started on loopback in a folder of their own, and stopped one by one. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const DAEMONS = ["munged", "slurmctld", "slurmd"];

/** Whether its daemons are installed. */
export function isSlurmInstalled(): boolean {
  return DAEMONS.every((daemon) => existsSync(join("/usr/sbin", daemon)));
}

/** One cluster. While it is there, its programs in this process's PATH speak to it. */
export class RealCluster {
  readonly folder: string;
  /** What programs need to speak to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #daemons: ChildProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.env = { SLURM_CONF: join(folder, "slurm.conf") };
  }

  /** Fulfils when its node takes jobs. Rejects with what the daemons have said if one of them ends before. */
  static async start(): Promise<RealCluster> {
    const cluster = new RealCluster(mkdtempSync(join(tmpdir(), "millrace-cluster-")));
    try {
      await cluster.#begin();
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  /** Every job that the cluster knows: id, state and comment. */
  jobs(): readonly string[] {
    const format = "--Format=JobID:|,State:|,Comment:";
    return this.#ask("squeue", ["--noheader", "--states=all", format]).split("\n").filter(Boolean);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const daemon of this.#daemons.reverse()) {
      const ended = new Promise((resolve) => daemon.once("exit", resolve));
      if (daemon.exitCode === null && daemon.kill("SIGTERM")) await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #begin(): Promise<void> {
    const at = (name: string): string => join(this.folder, name);
    for (const name of ["run", "state", "spool", "log"]) mkdirSync(at(name));
    writeFileSync(at("munge.key"), randomBytes(1024), { mode: 0o400 });
    writeFileSync(at("slurm.conf"), this.#configuration(await freePort(), await freePort()));
    const socket = `--socket=${at("run/munge.socket")}`;
    const files = [
      `--key-file=${at("munge.key")}`,
      `--seed-file=${at("run/seed")}`,
      `--pid-file=${at("run/munged.pid")}`,
    ];
    this.#daemon("munged", ["--foreground", "--force", socket, ...files, `--log-file=${at("log/munged.log")}`]);
    await this.#until(() => existsSync(at("run/munge.socket")));
    this.#daemon("slurmctld", ["-D"]);
    this.#daemon("slurmd", ["-D", "-N", NODE]);
    await this.#until(() => this.#ask("sinfo", ["--noheader", "--format=%T"]).startsWith("idle"));
  }

  #daemon(name: string, args: readonly string[]): void {
    const daemon = spawn(join("/usr/sbin", name), args, { env: { ...process.env, ...this.env }, stdio: "ignore" });
    this.#daemons.push(daemon);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const ended = this.#daemons.findIndex(({ exitCode }) => exitCode !== null);
      if (ended >= 0) throw new Error(`${DAEMONS[ended]} ended: ${this.#log(DAEMONS[ended] ?? "")}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #log(daemon: string): string {
    const file = join(this.folder, "log", `${daemon}.log`);
    return existsSync(file) ? readFileSync(file, "utf8").slice(-2_000) : "it has said nothing";
  }

  #ask(program: string, args: readonly string[]): string {
    return spawnSync(program, args, { env: { ...process.env, ...this.env }, encoding: "utf8" }).stdout ?? "";
  }

  #configuration(controller: number, node: number): string {
    const { username } = userInfo();
    const at = (name: string): string => join(this.folder, name);
    return `ClusterName=millrace
SlurmctldHost=${NODE}(127.0.0.1)
SlurmUser=${username}
SlurmdUser=${username}
AuthType=auth/munge
AuthInfo=socket=${at("run/munge.socket")}
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmctldPidFile=${at("run/slurmctld.pid")}
SlurmdPidFile=${at("run/slurmd.pid")}
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool")}
SlurmctldLogFile=${at("log/slurmctld.log")}
SlurmdLogFile=${at("log/slurmd.log")}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
EnforcePartLimits=ALL
ReturnToService=2
KillWait=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName=${NODE} NodeAddr=127.0.0.1 CPUs=2 RealMemory=64 State=UNKNOWN
PartitionName=main Nodes=${NODE} Default=YES MaxTime=INFINITE State=UP
`;
  }
}

const NODE = hostname().split(".")[0] ?? "localhost";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
