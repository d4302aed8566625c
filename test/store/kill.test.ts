/**
 * A process that appends is killed at moments chosen by a seed. Whatever the moment: everything that was acknowledged
 * is there, there is no gap, no append is half there, and the run can be taken over.
 */
import type { RunId } from "@millrace/core";
import { openSqliteStore, ownerInfo } from "@millrace/runtime";
import { startCommand } from "@millrace/testing";
import { recordedFacts, stepSettledFact } from "@millrace/testing/conformance";
import { expect, it } from "vitest";
import { DRIVERS, temporaryFolder } from "./drivers.js";

// Safe: a well-formed run id.
const RUN = "run-a" as RunId;

/** Facts of one append; the child appends groups of this size. */
const GROUP = 7;

const SCRIPT = `
  import { bytesInMemory } from "@millrace/core";
  import { openSqliteStore, ownerInfo } from "@millrace/runtime";
  const [dir, driver, group] = process.argv.slice(-3);
  const store = await openSqliteStore({ dir, driver });
  const lease = await store.acquire("run-a", ownerInfo("child"));
  const bytes = (n) => bytesInMemory(new Uint8Array(n).fill(n % 251));
  await store.append([{ ...lease, facts: [{ kind: "run-started", seq: 1, at: 0, flow: "F", build: "b", seed: "", params: bytes(3) }] }]);
  for (let seq = 2; ; ) {
    const facts = [];
    for (let i = 0; i < Number(group); i += 1, seq += 1) {
      facts.push({ kind: "message", seq, at: seq, name: "n", value: bytes(seq % 50 === 0 ? 300_000 : seq) });
    }
    await store.append([{ ...lease, facts }]);
    process.stdout.write(seq - 1 + "\\n");
  }
`;

/** Runs the child until it has acknowledged `groups` appends, kills it, and gives the newest number that it acknowledged. */
async function killAfter(groups: number, dir: string, driver: string): Promise<number> {
  const args = ["--input-type=module", "-e", SCRIPT, "--", dir, driver, String(GROUP)];
  await using child = startCommand({ command: process.execPath, args });
  await child.line(/\d/, { nth: groups });
  child.kill("SIGKILL");
  const { stdout } = await child.done;
  return Number(/(\d+)\n[^\n]*$/.exec(stdout)?.[1]);
}

for (const driver of DRIVERS) {
  it(`leaves a whole prefix through ${driver}`, async () => {
    let seed = 20_240_229;
    for (let time = 0; time < 5; time += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      const dir = await temporaryFolder();
      const acknowledged = await killAfter(1 + (seed % 40), dir, driver);
      const store = await openSqliteStore({ dir, driver });
      const facts = await recordedFacts(store, RUN);
      expect(facts.length).toBeGreaterThanOrEqual(acknowledged);
      expect((facts.length - 1) % GROUP).toBe(0);
      facts.forEach((fact, index) => {
        expect(fact.seq).toBe(index + 1);
        if (fact.kind === "message") expect(fact.value.read().byteLength).toBe(fact.value.size);
      });
      expect((await store.list())[0]?.seq).toBe(facts.length);
      const lease = await store.acquire(RUN, ownerInfo("parent"));
      await store.append([{ ...lease, facts: [stepSettledFact(facts.length + 1)] }]);
      await store.close();
    }
  });
}
