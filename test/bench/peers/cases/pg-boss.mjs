// pg-boss: n jobs inserted in bulk, four workers that take 250 at a time, PostgreSQL with its defaults (synchronous commits).
import PgBoss from "pg-boss";

export async function run({ n, postgres }) {
  const boss = new PgBoss(postgres.url);
  boss.on("error", (error) => console.error(error));
  await boss.start();
  const queue = `noop-${process.pid}`;
  await boss.createQueue(queue);
  const seen = new Set();
  const begun = performance.now();
  const done = new Promise((resolve) => {
    for (let i = 0; i < 4; i++) {
      boss.work(queue, { batchSize: 250, pollingIntervalSeconds: 0.5 }, async (jobs) => {
        for (const { data } of jobs) seen.add(data.x);
        if (seen.size === n) resolve();
      });
    }
  });
  const jobs = Array.from({ length: n }, (_, x) => ({ name: queue, data: { x } }));
  for (let i = 0; i < n; i += 1_000) await boss.insert(jobs.slice(i, i + 1_000));
  await done;
  const ms = performance.now() - begun;
  await boss.stop({ graceful: false, wait: false });
  return { ms, distinct: seen.size };
}
