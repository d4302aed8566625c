/** Several processes on one new file: all can open it, one owns a run, and all can write. */
import type { RunId } from "@millrace/core";
import { openSqliteStore } from "@millrace/runtime";
import { startCommand } from "@millrace/testing";
import { recordedFacts } from "@millrace/testing/conformance";
import { expect, it } from "vitest";
import { DRIVERS, temporaryFolder } from "./drivers.js";

const PROCESSES = 4;
const APPENDS = 25;

const SCRIPT = `
  import { bytesInMemory } from "@millrace/core";
  import { openSqliteStore, ownerInfo } from "@millrace/runtime";
  const [dir, driver, name] = process.argv.slice(-3);
  const store = await openSqliteStore({ dir, driver });
  const owner = ownerInfo("engine-" + name);
  const shared = await store.acquire("shared", owner).then(() => "owned", (error) => error.code);
  const lease = await store.acquire("run-" + name, owner);
  const value = bytesInMemory(new Uint8Array(100));
  const start = { kind: "run-started", seq: 1, at: 0, flow: "F", build: "b", seed: "", params: value };
  await store.append([{ ...lease, facts: [start] }]);
  for (let seq = 2; seq <= ${APPENDS}; seq += 1) {
    await store.append([{ ...lease, facts: [{ kind: "message", seq, at: 0, name: "n", value }] }]);
  }
  await store.close();
  console.log(shared);
  // Ends with its input, so that all live until the last has asked.
  process.stdin.resume();
`;

for (const driver of DRIVERS) {
  it(`share a store through ${driver}`, async () => {
    const dir = await temporaryFolder();
    const children = Array.from({ length: PROCESSES }, (_, i) =>
      startCommand({
        command: process.execPath,
        args: ["--input-type=module", "-e", SCRIPT, "--", dir, driver, String(i)],
      }),
    );
    const answers = await Promise.all(children.map((child) => child.line(/./)));
    for (const child of children) child.stdin.end();
    expect(answers.sort()).toEqual(["owned", ...Array(PROCESSES - 1).fill("run-owned")]);
    const store = await openSqliteStore({ dir, driver });
    for (let i = 0; i < PROCESSES; i += 1) {
      // Safe: a well-formed run id.
      expect(await recordedFacts(store, `run-${i}` as RunId)).toHaveLength(APPENDS);
    }
    await store.close();
  });
}
