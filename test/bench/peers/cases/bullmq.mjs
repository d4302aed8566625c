// BullMQ: n jobs added in bulk, a worker of 100 at a time, Redis with an append-only file that is synced at each write.
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";

export async function run({ n, redis }) {
  const connect = () => new Redis({ ...redis, maxRetriesPerRequest: null });
  const connections = [connect(), connect()];
  const queue = new Queue(`noop-${process.pid}`, { connection: connections[0] });
  await queue.waitUntilReady();
  const seen = new Set();
  const begun = performance.now();
  const worker = new Worker(queue.name, async ({ data }) => data.x, { connection: connections[1], concurrency: 100 });
  const done = new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("completed", (_job, result) => {
      seen.add(result);
      if (seen.size === n) resolve();
    });
  });
  const jobs = Array.from({ length: n }, (_, x) => ({ name: "noop", data: { x } }));
  for (let i = 0; i < n; i += 1_000) await queue.addBulk(jobs.slice(i, i + 1_000));
  await done;
  const ms = performance.now() - begun;
  await worker.close();
  await queue.close();
  for (const connection of connections) connection.disconnect();
  return { ms, distinct: seen.size };
}
