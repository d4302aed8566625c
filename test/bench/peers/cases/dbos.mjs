// DBOS: one workflow that runs n steps, all at once in batches of 1,000, PostgreSQL with its defaults.
import { DBOS } from "@dbos-inc/dbos-sdk";

export async function run({ n, postgres }) {
  DBOS.setConfig({ name: "bench", systemDatabaseUrl: postgres.url, logLevel: "error" });
  const steps = DBOS.registerWorkflow(
    async () => {
      const seen = new Set();
      for (let i = 0; i < n; i += 1_000) {
        const batch = Array.from({ length: Math.min(1_000, n - i) }, (_, j) => i + j);
        for (const x of await Promise.all(batch.map((x) => DBOS.runStep(async () => x, { name: "noop" })))) seen.add(x);
      }
      return seen.size;
    },
    { name: "steps" },
  );
  await DBOS.launch();
  const begun = performance.now();
  const distinct = await steps();
  const ms = performance.now() - begun;
  await DBOS.shutdown();
  return { ms, distinct };
}
