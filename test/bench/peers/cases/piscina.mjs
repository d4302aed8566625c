// Raw Piscina: n tasks on two threads, nothing kept.
import { Piscina } from "piscina";

export async function run({ n }) {
  const pool = new Piscina({ filename: new URL("noop.mjs", import.meta.url).href, maxThreads: 2 });
  const begun = performance.now();
  const results = await Promise.all(Array.from({ length: n }, (_, x) => pool.run({ x })));
  const ms = performance.now() - begun;
  await pool.destroy();
  return { ms, distinct: new Set(results).size };
}
