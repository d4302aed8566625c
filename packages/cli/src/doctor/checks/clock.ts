/** The clock: not behind what is on record, in step with the file system, and steady. */
import { formatDuration } from "@millrace/core";
import { reached } from "../attempt.js";
import { type Check, ok, problem, warning } from "../check.js";

/** ms that clocks may differ without anybody suffering. */
const TOLERANCE_MS = 2_000;

export const clock: Check = ({ project: found, now }) => {
  const project = reached(found);
  if (project === undefined) return undefined;
  const newestAt = reached(project.store)?.newestAt;
  if (newestAt !== undefined && newestAt - now() > TOLERANCE_MS) {
    return problem(
      `The clock is ${formatDuration(newestAt - now())} behind the newest record (${new Date(newestAt).toISOString()})`,
      "Set the clock (on Linux: timedatectl set-ntp true): until it has caught up, new runs sort before old ones, and a dead owner may count as living.",
    );
  }
  const disk = reached(project.disk);
  if (disk === undefined) return ok("not behind the newest record");
  const jump = disk.after - disk.before - disk.elapsed;
  if (Math.abs(jump) > TOLERANCE_MS) {
    return warning(
      `The clock jumped by ${formatDuration(Math.abs(jump))} ${jump < 0 ? "back" : "ahead"} while this looked`,
      "Let one service set the clock, and let it slew: timeouts hold, but times on record will contradict each other.",
    );
  }
  const off = Math.max(disk.before - disk.fileTime, disk.fileTime - disk.after);
  if (off > TOLERANCE_MS) {
    return warning(
      `The file system's time is ${formatDuration(off)} off the clock's`,
      "Put the project on a local disk, or set both clocks: whether a build is stale is also judged by file times.",
    );
  }
  return ok(`${newestAt === undefined ? "" : "not behind the newest record, "}in step with the file system, steady`);
};
