// Loaded before a measured program: writes down at exit the peak memory of its process, KiB, and the processor time it took, ms.
const { writeFileSync } = require("node:fs");
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(
    process.env.MILLRACE_BENCH_PEAK,
    JSON.stringify({ kib: maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000 }),
  );
});
