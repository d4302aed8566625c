// Loaded before a measured program: writes down the peak memory of its process, in KiB, at exit.
const { writeFileSync } = require("node:fs");
process.on("exit", () => writeFileSync(process.env.MILLRACE_BENCH_PEAK, String(process.resourceUsage().maxRSS)));
