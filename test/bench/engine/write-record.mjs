// The record of a run of `FanOut` whose process ended after its last step, written through the store's port: what a real run of
// one step has recorded, as often as asked.
import { bytesInMemory, canonicalHash, encodeValue, stepIdentity } from "@millrace/core";
import { ownerInfo } from "@millrace/runtime";

/** Facts that go into one append. */
const GROUP = 5_000;

/** Writes run `id` of `n` steps. `engine` has the store; `manifest` is that of its build. */
export async function writeRecord({ engine, store, manifest }, id, n) {
  const example = engine.start("FanOut", { n: 1 });
  await example.result();
  const recorded = [];
  for await (const fact of store.read(example.id)) recorded.push(fact);
  const [started, step] = recorded;
  const lease = await store.acquire(id, ownerInfo("bench"));
  let facts = [{ ...started, params: bytesInMemory(encodeValue({ n })) }];
  for (let x = 0; x < n; x++) {
    const params = bytesInMemory(encodeValue({ x }));
    const fingerprint = manifest.tasks.Noop.fingerprint.hash;
    const identity = stepIdentity({ task: "Noop", version: "", fingerprint, params: canonicalHash({ x }) });
    const key = step.key.replace("[0]", `[${x}]`);
    facts.push({ ...step, seq: x + 2, key, identity, params, value: bytesInMemory(encodeValue(x)) });
    if (facts.length < GROUP) continue;
    await store.append([{ ...lease, facts }]);
    facts = [];
  }
  await store.append([{ ...lease, facts }]);
  await store.release([lease]);
}
