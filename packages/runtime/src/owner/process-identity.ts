/**
 * Who a process is, and whether it still lives: pid, start time and boot id, so that neither a reused pid nor a reboot
 * is taken for the owner. Used by the stores for leases; the engine asks for its own `ownerInfo` once.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { OwnerInfo } from "@millrace/core";

/** An owner that cannot be looked up (another host, unknown start time) is dead after this many ms without a heartbeat. */
export const HEARTBEAT_LIMIT_MS = 30_000;

/** This process as an owner of runs. `engine` must be unique among the engines of all processes. */
export function ownerInfo(engine: string): OwnerInfo {
  return {
    pid: process.pid,
    processStart: processStart(process.pid) ?? "",
    boot: bootId(),
    host: hostname(),
    engine,
  };
}

/** True while the process of an owner lives. Times are ms since 1970. */
export function isOwnerAlive(owner: OwnerInfo, heartbeatAt: number, now: number): boolean {
  const beating = now - heartbeatAt < HEARTBEAT_LIMIT_MS;
  if (owner.host !== hostname()) return beating;
  const boot = bootId();
  if (owner.boot !== "" && boot !== "" && owner.boot !== boot) return false;
  const start = processStart(owner.pid);
  if (start === undefined) return false;
  if (start === "" || owner.processStart === "") return beating;
  return start === owner.processStart;
}

/** Start time of a process in the system's own spelling; empty if it cannot be read, undefined if there is no such process. */
function processStart(pid: number): string | undefined {
  if (existsSync("/proc/self/stat")) return linuxStart(pid);
  if (!exists(pid)) return undefined;
  if (process.platform === "win32") return "";
  try {
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env, stdio: "pipe" }).trim();
  } catch {
    return "";
  }
}

/** Field 22 of /proc/<pid>/stat, in clock ticks since boot. A zombie has ended: only its parent has not asked yet. */
function linuxStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything, so the count starts behind it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
