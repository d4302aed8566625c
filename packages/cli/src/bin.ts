/** The process behind the command `flow`. Imports as little as it can: `flow --help` must be quick. */
import nodeModule from "node:module";

// Keeps compiled code between processes; Node 20 has no such cache.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { main } = await import("./main.js");
await main(process.argv.slice(2));
