/**
 * Tells network file systems apart, by the numbers that Linux gives them (statfs(2)). SQLite's WAL needs shared memory
 * and true locks, which they do not have: a database there is damaged sooner or later.
 */
import { statfsSync } from "node:fs";
import { MillraceError } from "@millrace/core";

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
]);

/** The name of a network file system by its number; undefined for any other. */
export function networkFileSystem(type: number): string | undefined {
  // 32-bit systems give the upper half of the range as negative numbers.
  return NAMES.get(type >>> 0);
}

/** @throws MillraceError `state-dir-unusable` if the folder is on a network file system. */
export function refuseNetworkFileSystem(dir: string): void {
  if (process.platform !== "linux") return;
  const name = networkFileSystem(statfsSync(dir).type);
  if (name === undefined) return;
  throw new MillraceError("state-dir-unusable", `The output folder "${dir}" is on a network file system (${name}).`, {
    hint: 'Set "stateDir" under "millrace" in package.json to a folder on a local disk.',
    data: { dir, fileSystem: name },
  });
}
