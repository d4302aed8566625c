/** Which driver a store gets when nobody says: told by the version of Node, and by what the process has loaded. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { DRIVERS, temporaryFolder } from "./drivers.js";

// In a process of its own: other tests of this one load libsql by name.
const SCRIPT = `
  import { openSqliteStore } from "@millrace/runtime";
  const store = await openSqliteStore({ dir: process.argv.at(-1) });
  const libsql = process.report.getReport().sharedObjects.some((path) => path.includes("libsql"));
  process.stdout.write(JSON.stringify({ node: process.version, driver: store.describe().driver, libsql }));
  await store.close();
`;

it("uses node:sqlite where Node has it, and does not load libsql there", async () => {
  const args = ["--input-type=module", "-e", SCRIPT, "--", await temporaryFolder()];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const builtIn = major > 22 || (major === 22 && minor >= 13);
  expect(JSON.parse(stdout)).toEqual({
    node: process.version,
    driver: builtIn ? "node" : "libsql",
    libsql: !builtIn,
  });
  expect(DRIVERS.includes("node")).toBe(builtIn);
});
