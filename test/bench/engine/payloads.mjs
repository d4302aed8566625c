// How results of 1 KB, 1 MB and 50 MB get from one task to the next, by `ref` and through the body, in one run: how long they are
// under way, and how long the main thread is blocked, or works, at a stretch. Beside them two bare workers that transfer, or copy, the same
// buffer, and keep nothing. Each case in a process of its own, medians of 5 after one more. Run with `npm run bench:payloads`.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { withBenchProject } from "./bench-project.mjs";

const SIZES = [1_000, 1_000_000, 50_000_000];
const CASES = ["transfer", "copy", "ref", "result"];

await withBenchProject((folder) => {
  for (const size of SIZES) measure(folder, size);
});

function measure(folder, size) {
  console.log(`\n${size.toLocaleString("en")} bytes`);
  const bare = new Map();
  for (const name of CASES) {
    const text = execFileSync(
      process.execPath,
      [join(import.meta.dirname, "payload-case.mjs"), folder, name, String(size)],
      {
        encoding: "utf8",
      },
    );
    const { ms, blockedMs, queuedMs, workedMs } = JSON.parse(text);
    const ratios = [...bare].map(([other, least]) => `${(ms / least).toFixed(1)} × ${other}`);
    if (blockedMs === null) bare.set(name, ms);
    const figure = (value) => value.toFixed(1).padStart(5);
    const worked =
      workedMs === null ? "" : ` (${figure(queuedMs)} for a processor), worked ${figure(workedMs)} ms at a stretch`;
    const blocked = blockedMs === null ? "" : `  main thread blocked ${figure(blockedMs)} ms${worked}`;
    console.log(`  ${name.padEnd(9)} ${ms.toFixed(2).padStart(8)} ms${blocked}  ${ratios.join(", ")}`);
  }
}
