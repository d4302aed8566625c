// One life of a run, in a process of its own that may be killed at any moment.
// Usage: node child.mjs <project> <run id> start|resume <recording: on|off>
// Prints { status, result, totals, shared } as JSON when it ends by itself.
import { join } from "node:path";
import { openEngine, openSqliteStore } from "millrace/engine";

const [cwd, id, mode, recording] = process.argv.slice(2);
const durable = await openSqliteStore({ dir: join(cwd, ".flow") });

/** The planted fault: outcomes of steps and shared state are acknowledged and never written. */
class ForgetfulStore {
  name = "forgetful";
  #written = 0;

  append(batches) {
    const kept = batches.map(({ facts, ...batch }) => ({
      ...batch,
      facts: facts
        .filter((fact) => !/-settled$|^shared-/.test(fact.kind))
        .map((fact) => ({ ...fact, seq: ++this.#written })),
    }));
    return durable.append(kept.filter(({ facts }) => facts.length > 0));
  }
  read = (run) => durable.read(run);
  list = (filter) => durable.list(filter);
  acquire = (run, owner) => durable.acquire(run, owner);
  heartbeat = (leases) => durable.heartbeat(leases);
  release = (leases) => durable.release(leases);
  remove = (lease) => durable.remove(lease);
  request = (request) => durable.request(request);
  takeRequests = (leases) => durable.takeRequests(leases);
  close = () => durable.close();
}

const store = recording === "off" ? new ForgetfulStore() : durable;
const engine = await openEngine({ cwd, threads: 2, observers: [], store });
const run = mode === "start" ? engine.start("Marked", {}, { id }) : await engine.resume(id);
const outcome = await run.outcome();
const shared = await run.shared.entries();
await engine.close();
await store.close();
const { status, totals, value, error } = outcome;
process.stdout.write(JSON.stringify({ status, totals, result: value, error: error?.message, shared }));
