/** Vitest as it is. */
export default { test: { include: ["src/report.test.ts"], testTimeout: 60_000 } };
