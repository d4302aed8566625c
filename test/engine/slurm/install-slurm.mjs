// Installs Slurm from Debian's packages where it is not there yet, for the tests of a real cluster. Needs root then.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

if (!existsSync("/usr/sbin/slurmctld")) {
  const packages = ["install", "-y", "--no-install-recommends", "slurm-wlm", "munge"];
  const { status, error } = spawnSync("apt-get", packages, { stdio: "inherit" });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
